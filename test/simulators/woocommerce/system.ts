import { ApiError } from './errors.ts'
import { boolean, string } from './params.ts'
import { bool, isObject, type Json } from './php.ts'
import { recordedBody } from './recordings.ts'
import { route, routeIndex, type Answer, type Call, type Route } from './router.ts'
import { now, type Shop } from './state.ts'

/** The site index at `/wp-json/`, as anyone may read it. */
export function siteIndex(shop: Shop): Json {
  const recorded = recordedBody('index.json', '/', shop.url) as Json
  const { zone, offsetAt } = shop.site
  return {
    ...recorded,
    gmt_offset: offsetAt(now(shop)) / 3600,
    ...(zone === '' ? {} : { timezone_string: zone }),
  }
}

export const wholeList = (body: unknown[]): Answer => ({
  body,
  headers: { 'x-wp-total': String(body.length), 'x-wp-totalpages': '1' },
})

function settingsOf(shop: Shop, group: string): Json[] {
  const held = shop.settings.get(group)
  if (held) return held
  const groups = recordedBody('settings.json', '/wc/v3/settings', shop.url) as Json[]
  if (!groups.some((one) => one['id'] === group)) {
    throw new ApiError(404, 'rest_setting_setting_group_invalid', 'Invalid setting group.')
  }
  const recorded = ['general', 'tax'].includes(group)
  const settings = recorded
    ? (recordedBody('settings.json', `/wc/v3/settings/${group}`, shop.url) as Json[])
    : []
  shop.settings.set(group, settings)
  return settings
}

function setting(call: Call): Json {
  const found = settingsOf(call.shop, String(call.ids['group_id'])).find(
    (one) => one['id'] === call.ids['id'],
  )
  if (!found) throw new ApiError(404, 'rest_setting_setting_invalid', 'Invalid setting.')
  return found
}

function settingRoutes(): Route[] {
  return [
    route('/wc/v3/settings', {
      list: { run: ({ shop }) => ({ body: recordedBody('settings.json', '/wc/v3/settings', shop.url) }) },
    }),
    route('/wc/v3/settings/(?P<group_id>[\\w-]+)', {
      list: { run: (call) => ({ body: settingsOf(call.shop, String(call.ids['group_id'])) }) },
    }),
    route('/wc/v3/settings/(?P<group_id>[\\w-]+)/(?P<id>[\\w-]+)', {
      view: { run: (call) => ({ body: setting(call) }) },
      edit: {
        run: (call) => {
          const one = setting(call)
          if (call.params['value'] !== undefined) one['value'] = call.params['value']
          return { body: one }
        },
      },
    }),
  ]
}

const gateways = new WeakMap<Shop, Json[]>()

function gatewaysOf(shop: Shop): Json[] {
  const held =
    gateways.get(shop) ??
    (recordedBody('payment-gateways.json', '/wc/v3/payment_gateways', shop.url) as Json[])
  gateways.set(shop, held)
  return held
}

function gateway(call: Call): Json {
  const found = gatewaysOf(call.shop).find((one) => one['id'] === call.ids['id'])
  if (!found) throw new ApiError(404, 'woocommerce_rest_payment_gateway_invalid', 'Resource does not exist.')
  return found
}

function gatewayRoutes(): Route[] {
  return [
    route('/wc/v3/payment_gateways', { list: { run: ({ shop }) => wholeList(gatewaysOf(shop)) } }),
    route('/wc/v3/payment_gateways/(?P<id>[\\w-]+)', {
      view: { run: (call) => ({ body: gateway(call) }) },
      edit: {
        rules: { enabled: boolean, title: string },
        run: (call) => {
          const one = gateway(call)
          if (call.params['enabled'] !== undefined) one['enabled'] = bool(call.params['enabled'])
          if (call.params['title'] !== undefined) one['title'] = call.params['title']
          return { body: one }
        },
      },
    }),
  ]
}

function shippingRoutes(): Route[] {
  const zones = (shop: Shop): Json[] =>
    recordedBody('shipping-zones.json', '/wc/v3/shipping/zones', shop.url) as Json[]
  const methods = (shop: Shop): Json[] =>
    recordedBody('shipping-zones.json', '/wc/v3/shipping/zones/1/methods', shop.url) as Json[]
  const zone = (call: Call): Json => {
    const found = zones(call.shop).find((one) => one['id'] === Number(call.ids['id'] ?? call.ids['zone_id']))
    if (!found) throw new ApiError(404, 'woocommerce_rest_shipping_zone_invalid', 'Resource does not exist.')
    return found
  }
  return [
    route('/wc/v3/shipping/zones', { list: { run: ({ shop }) => wholeList(zones(shop)) } }),
    route('/wc/v3/shipping/zones/(?P<id>[\\d]+)', { view: { run: (call) => ({ body: zone(call) }) } }),
    route('/wc/v3/shipping/zones/(?P<zone_id>[\\d]+)/methods', {
      list: { run: (call) => wholeList(zone(call)['id'] === 1 ? methods(call.shop) : []) },
    }),
    route('/wc/v3/shipping_methods', {
      list: {
        run: ({ shop }) =>
          wholeList(recordedBody('shipping-methods.json', '/wc/v3/shipping_methods', shop.url) as unknown[]),
      },
    }),
  ]
}

function dataRoutes(): Route[] {
  const current = (shop: Shop): Json =>
    recordedBody('data.json', '/wc/v3/data/currencies/current', shop.url) as Json
  const currencies = (shop: Shop): Json[] => [
    ...(recordedBody('data.json', '/wc/v3/data/currencies', shop.url) as Json[]),
    current(shop),
  ]
  return [
    route('/wc/v3/data/currencies', { list: { run: ({ shop }) => ({ body: currencies(shop) }) } }),
    route('/wc/v3/data/currencies/current', { view: { run: ({ shop }) => ({ body: current(shop) }) } }),
    route('/wc/v3/data/currencies/(?P<currency>[\\w-]{3})', {
      view: {
        run: ({ shop, ids }) => {
          const found = currencies(shop).find((one) => one['code'] === ids['currency']?.toUpperCase())
          if (found) return { body: found }
          throw new ApiError(
            404,
            'woocommerce_rest_data_invalid_currency',
            'There are no currencies matching these parameters.',
          )
        },
      },
    }),
    route('/wc/v3/data/countries/(?P<location>[\\w-]+)', {
      view: {
        run: ({ shop, ids }) => {
          if (ids['location']?.toLowerCase() === 'nl') {
            return { body: recordedBody('data.json', '/wc/v3/data/countries/nl', shop.url) }
          }
          throw new ApiError(
            404,
            'woocommerce_rest_data_invalid_location',
            'There are no locations matching these parameters.',
          )
        },
      },
    }),
  ]
}

function systemStatus(shop: Shop): Json {
  const body = recordedBody('system-status.json', '/wc/v3/system_status', shop.url) as Json
  const environment = isObject(body['environment']) ? body['environment'] : {}
  const versions = { version: shop.version, wp_version: shop.wordpressVersion }
  const settings = isObject(body['settings']) ? body['settings'] : {}
  const money = { currency: shop.currency, number_of_decimals: shop.decimals }
  return { ...body, environment: { ...environment, ...versions }, settings: { ...settings, ...money } }
}

/** Routes about the shop itself, answered from the recordings; writes are kept where they matter. */
export function systemRoutes(): Route[] {
  return [
    route('/wc/v3', { list: { open: true, run: ({ shop }) => ({ body: routeIndex(shop) }) } }),
    route('/wc/v3/system_status', { list: { run: ({ shop }) => ({ body: systemStatus(shop) }) } }),
    ...settingRoutes(),
    ...gatewayRoutes(),
    ...shippingRoutes(),
    ...dataRoutes(),
  ]
}
