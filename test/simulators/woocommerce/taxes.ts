import { links, listAnswer } from './collections.ts'
import { ApiError, noTrash } from './errors.ts'
import type { TaxRate } from './model.ts'
import { boolean, collectionRules, integer, string, type ParamRules } from './params.ts'
import { bool, number, slugOf, text, type Json } from './php.ts'
import { route, type Call, type Route } from './router.ts'
import { addRate, restUrl, type Shop } from './state.ts'
import { wholeList } from './system.ts'

const rateJson = (shop: Shop, rate: TaxRate): Json => ({
  id: rate.id,
  country: rate.country,
  state: rate.state,
  postcode: '',
  city: '',
  rate: rate.rate.toFixed(4),
  name: rate.name,
  priority: rate.priority,
  compound: rate.compound,
  shipping: rate.shipping,
  order: rate.order,
  class: rate.class,
  postcodes: [],
  cities: [],
  _links: links(shop, `/wc/v3/taxes/${rate.id}`, '/wc/v3/taxes'),
})

function setRate(rate: TaxRate, sent: Json): void {
  if (sent['country'] !== undefined) rate.country = text(sent['country']).toUpperCase()
  if (sent['state'] !== undefined) rate.state = text(sent['state'])
  if (sent['rate'] !== undefined) rate.rate = number(sent['rate'])
  if (sent['name'] !== undefined) rate.name = text(sent['name'])
  if (sent['priority'] !== undefined) rate.priority = number(sent['priority'])
  if (sent['compound'] !== undefined) rate.compound = bool(sent['compound'])
  if (sent['shipping'] !== undefined) rate.shipping = bool(sent['shipping'])
  if (sent['order'] !== undefined) rate.order = number(sent['order'])
  if (sent['class'] !== undefined) rate.class = text(sent['class']) || 'standard'
}

const rules: ParamRules = {
  country: string,
  state: string,
  rate: string,
  name: string,
  priority: integer(),
  compound: boolean,
  shipping: boolean,
  class: string,
}

function find(call: Call): TaxRate {
  const rate = call.shop.taxRates.get(Number(call.ids['id']))
  if (!rate) throw new ApiError(404, 'woocommerce_rest_invalid_id', 'Invalid resource ID.')
  return rate
}

function classRoutes(): Route[] {
  const path = '/wc/v3/taxes/classes'
  const json = (shop: Shop, one: { slug: string; name: string }): Json => ({
    ...one,
    _links: { collection: [{ href: restUrl(shop, path) }] },
  })
  return [
    route(path, {
      list: { run: ({ shop }) => wholeList(shop.taxClasses.map((one) => json(shop, one))) },
      create: {
        rules: { name: string },
        required: ['name'],
        run: ({ shop, params }) => {
          const one = { slug: slugOf(text(params['name'])), name: text(params['name']) }
          shop.taxClasses.push(one)
          return {
            status: 201,
            body: json(shop, one),
            headers: { location: restUrl(shop, `${path}/${one.slug}`) },
          }
        },
      },
    }),
  ]
}

/** Routes of `/taxes` and `/taxes/classes`. */
export function taxRoutes(): Route[] {
  return [
    ...classRoutes(),
    route('/wc/v3/taxes', {
      list: {
        rules: collectionRules(['id', 'order', 'priority'], { class: string }),
        run: (call) => {
          const wanted = call.params['class']
          const rates = [...call.shop.taxRates.values()].filter(
            (one) => wanted === undefined || one.class === wanted,
          )
          return listAnswer(call, rates, {
            orders: { order: (one) => one.order, priority: (one) => one.priority },
            orderby: 'order',
            direction: 'asc',
            id: (one) => one.id,
            json: (one) => rateJson(call.shop, one),
          })
        },
      },
      create: {
        rules,
        run: ({ shop, params }) => {
          const rate = addRate(shop, '', 0, 'Tax', 'standard')
          setRate(rate, params)
          return {
            status: 201,
            body: rateJson(shop, rate),
            headers: { location: restUrl(shop, `/wc/v3/taxes/${rate.id}`) },
          }
        },
      },
    }),
    route('/wc/v3/taxes/(?P<id>[\\d]+)', {
      view: { run: (call) => ({ body: rateJson(call.shop, find(call)) }) },
      edit: {
        rules,
        run: (call) => {
          const rate = find(call)
          setRate(rate, call.params)
          return { body: rateJson(call.shop, rate) }
        },
      },
      remove: {
        run: (call) => {
          const rate = find(call)
          if (!bool(call.params['force'])) throw noTrash('Taxes')
          call.shop.taxRates.delete(rate.id)
          return { body: rateJson(call.shop, rate) }
        },
      },
    }),
  ]
}
