import { links, listAnswer, spanOf, within } from './collections.ts'
import { gmt, local } from './dates.ts'
import { badRequest, invalidId } from './errors.ts'
import type { Coupon } from './model.ts'
import { boolean, collectionRules, dateRules, oneOf, string, type ParamRules } from './params.ts'
import { bool, decimal, number, text, type Json } from './php.ts'
import { route, type Call, type Route } from './router.ts'
import { nextId, now, restUrl, type Shop } from './state.ts'

const restDefaults = {
  individual_use: false,
  product_ids: [] as number[],
  excluded_product_ids: [] as number[],
  usage_limit: null,
  usage_limit_per_user: null,
  limit_usage_to_x_items: null,
  free_shipping: false,
  product_categories: [] as number[],
  excluded_product_categories: [] as number[],
  exclude_sale_items: false,
  minimum_amount: '0.00',
  maximum_amount: '0.00',
  email_restrictions: [] as string[],
}

export const couponJson = (shop: Shop, coupon: Coupon): Json => ({
  id: coupon.id,
  code: coupon.code,
  amount: decimal(coupon.amount),
  status: coupon.status,
  date_created: local(coupon.createdAt, shop.site),
  date_created_gmt: gmt(coupon.createdAt),
  date_modified: local(coupon.modifiedAt, shop.site),
  date_modified_gmt: gmt(coupon.modifiedAt),
  discount_type: coupon.type,
  description: text(coupon.rest['description']),
  date_expires: null,
  date_expires_gmt: null,
  usage_count: coupon.usageCount,
  ...coupon.rest,
  used_by: [],
  meta_data: [],
  _links: links(shop, `/wc/v3/coupons/${coupon.id}`, '/wc/v3/coupons'),
})

function setCoupon(coupon: Coupon, sent: Json): void {
  if (sent['code'] !== undefined) coupon.code = text(sent['code']).toLowerCase()
  if (sent['amount'] !== undefined) coupon.amount = number(sent['amount'])
  if (sent['discount_type'] !== undefined) coupon.type = text(sent['discount_type'])
  if (sent['status'] !== undefined) coupon.status = text(sent['status'])
  if (sent['free_shipping'] !== undefined) coupon.freeShipping = bool(sent['free_shipping'])
  for (const name of Object.keys(restDefaults)) if (sent[name] !== undefined) coupon.rest[name] = sent[name]
}

export function createCoupon(shop: Shop, sent: Json): Coupon {
  const code = text(sent['code']).toLowerCase()
  if ([...shop.coupons.values()].some((one) => one.code === code)) {
    throw badRequest('woocommerce_rest_coupon_code_already_exists', 'The coupon code already exists')
  }
  const moment = now(shop)
  const coupon: Coupon = {
    id: nextId(shop, 'post'),
    code,
    amount: 0,
    status: 'publish',
    createdAt: moment,
    modifiedAt: moment,
    type: 'fixed_cart',
    freeShipping: false,
    usageCount: 0,
    rest: structuredClone(restDefaults),
  }
  setCoupon(coupon, sent)
  shop.coupons.set(coupon.id, coupon)
  shop.emit({ resource: 'coupon', event: 'created', id: coupon.id })
  return coupon
}

export function findCoupon(shop: Shop, id: number): Coupon {
  const coupon = shop.coupons.get(id)
  if (!coupon) throw invalidId('shop_coupon')
  return coupon
}

const rules: ParamRules = {
  code: string,
  amount: string,
  discount_type: oneOf('percent', 'fixed_cart', 'fixed_product'),
  free_shipping: boolean,
}
const listRules = collectionRules(['date', 'id', 'include', 'title', 'slug', 'modified'], {
  ...dateRules,
  code: string,
  search: string,
})

function remove(call: Call): Json {
  const { shop } = call
  const coupon = findCoupon(shop, Number(call.ids['id']))
  const before = couponJson(shop, coupon)
  if (bool(call.params['force'])) {
    shop.coupons.delete(coupon.id)
  } else {
    coupon.status = 'trash'
    shop.emit({ resource: 'coupon', event: 'deleted', id: coupon.id })
  }
  return before
}

/** Routes of `/coupons`. */
export function couponRoutes(): Route[] {
  return [
    route('/wc/v3/coupons', {
      list: {
        rules: listRules,
        run: (call) => {
          const { shop, params } = call
          const modified = spanOf(shop, params, 'modified_after', 'modified_before')
          const code = text(params['code']).toLowerCase()
          const found = [...shop.coupons.values()].filter(
            (one) =>
              one.status !== 'trash' &&
              (code === '' || one.code === code) &&
              within(one.modifiedAt, modified),
          )
          return listAnswer(call, found, {
            orders: { date: (one) => one.createdAt, modified: (one) => one.modifiedAt },
            orderby: 'date',
            id: (one) => one.id,
            json: (one) => couponJson(shop, one),
          })
        },
      },
      create: {
        rules,
        required: ['code'],
        run: ({ shop, params }) => {
          const coupon = createCoupon(shop, params)
          const location = restUrl(shop, `/wc/v3/coupons/${coupon.id}`)
          return { status: 201, body: couponJson(shop, coupon), headers: { location } }
        },
      },
    }),
    route('/wc/v3/coupons/(?P<id>[\\d]+)', {
      view: {
        run: (call) => ({ body: couponJson(call.shop, findCoupon(call.shop, Number(call.ids['id']))) }),
      },
      edit: {
        rules,
        run: (call) => {
          const coupon = findCoupon(call.shop, Number(call.ids['id']))
          setCoupon(coupon, call.params)
          coupon.modifiedAt = now(call.shop)
          call.shop.emit({ resource: 'coupon', event: 'updated', id: coupon.id })
          return { body: couponJson(call.shop, coupon) }
        },
      },
      remove: { run: (call) => ({ body: remove(call) }) },
    }),
  ]
}
