import { gmt, local } from './dates.ts'
import { ApiError, noTrash } from './errors.ts'
import type { Note } from './model.ts'
import { addNote } from './order-status.ts'
import { readOrder } from './orders.ts'
import { boolean, oneOf, string } from './params.ts'
import { bool, text, type Json } from './php.ts'
import { route, type Call, type Route } from './router.ts'
import { restUrl, type Shop } from './state.ts'

function noteJson(shop: Shop, note: Note): Json {
  const order = `/wc/v3/orders/${note.orderId}`
  return {
    id: note.id,
    author: note.author,
    date_created: local(note.createdAt, shop.site),
    date_created_gmt: gmt(note.createdAt),
    note: note.text,
    customer_note: note.toCustomer,
    _links: {
      self: [{ href: restUrl(shop, `${order}/notes/${note.id}`), targetHints: { allow: ['GET', 'DELETE'] } }],
      collection: [{ href: restUrl(shop, `${order}/notes`) }],
      up: [{ href: restUrl(shop, order) }],
    },
  }
}

const collection = '/wc/v3/orders/(?P<order_id>[\\d]+)/notes'

function find(call: Call): Note {
  const order = readOrder(call.shop, Number(call.ids['order_id']))
  const note = (call.shop.notes.get(order.id) ?? []).find((one) => one.id === Number(call.ids['id']))
  if (!note) throw new ApiError(404, 'woocommerce_rest_invalid_id', 'Invalid resource ID.')
  return note
}

/** Routes of `/orders/{id}/notes`. The list is not paged. A note does not move the order's date. */
export function noteRoutes(): Route[] {
  return [
    route(collection, {
      list: {
        rules: { type: oneOf('any', 'customer', 'internal') },
        run: (call) => {
          const order = readOrder(call.shop, Number(call.ids['order_id']))
          const type = text(call.params['type']) || 'any'
          const notes = (call.shop.notes.get(order.id) ?? []).filter(
            (one) => type === 'any' || one.toCustomer === (type === 'customer'),
          )
          const newest = [...notes].sort((a, b) => b.createdAt - a.createdAt || a.id - b.id)
          return { body: newest.map((one) => noteJson(call.shop, one)) }
        },
      },
      create: {
        rules: { note: string, customer_note: boolean, added_by_user: boolean },
        required: ['note'],
        run: (call) => {
          const { shop, params } = call
          const order = readOrder(shop, Number(call.ids['order_id']))
          const id = addNote(shop, order.id, text(params['note']), bool(params['customer_note']))
          const note = (shop.notes.get(order.id) ?? []).find((one) => one.id === id) as Note
          const location = restUrl(shop, `/wc/v3/orders/${order.id}/notes/${id}`)
          return { status: 201, body: noteJson(shop, note), headers: { location } }
        },
      },
    }),
    route(`${collection}/(?P<id>[\\d]+)`, {
      view: { run: (call) => ({ body: noteJson(call.shop, find(call)) }) },
      remove: {
        run: (call) => {
          const note = find(call)
          if (!bool(call.params['force'])) throw noTrash('Webhooks')
          const rest = (call.shop.notes.get(note.orderId) ?? []).filter((one) => one !== note)
          call.shop.notes.set(note.orderId, rest)
          return { body: noteJson(call.shop, note) }
        },
      },
    }),
  ]
}
