import type { Client, contract } from '@crosswalk/shared/contract'
import {
  DEFAULT_TOKEN,
  startHubSpot,
  type HubSpotOptions,
  type HubSpotSimulator,
} from '../simulators/hubspot/index.ts'
import {
  startWooCommerce,
  type WooCommerceOptions,
  type WooCommerceSimulator,
} from '../simulators/woocommerce/index.ts'

/** A made-up shop and a made-up HubSpot, in the test's own process. */
export interface World {
  shop: WooCommerceSimulator
  crm: HubSpotSimulator
  /** `host:port` of both, for the service's list of hosts it may call. */
  hosts: string[]
  close: () => Promise<void>
}

/** Starts both. HubSpot allows plenty of calls and its search lags a little, unless told otherwise. */
export async function startWorld(
  options: { shop?: WooCommerceOptions; crm?: HubSpotOptions } = {},
): Promise<World> {
  const shop = await startWooCommerce({
    orderCount: 0,
    autoDeliver: 50,
    allowTargets: ['*'],
    ...options.shop,
  })
  const crm = await startHubSpot({
    searchLagMs: 200,
    limits: { burst: 100_000, windowMs: 10_000, searchPerSecond: 1_000, daily: 10_000_000 },
    ...options.crm,
  })
  return {
    shop,
    crm,
    hosts: [shop.url, crm.url].map((url) => new URL(url).host),
    close: async () => {
      await Promise.all([shop.close(), crm.close()])
    },
  }
}

type Api = Client<typeof contract>

/** Connects the shop as a user would. Throws when a check blocks. */
export async function connectShop(api: Api, world: World): Promise<string> {
  const [key] = world.shop.keys
  const shop = await api.connections.create({
    body: {
      connector: 'woocommerce',
      settings: { shopUrl: world.shop.url },
      credentials: { consumerKey: key?.key, consumerSecret: key?.secret },
    },
  })
  if (!shop.connection) throw new Error(`not connected: ${JSON.stringify(shop.findings)}`)
  return shop.connection.id
}

/** Connects both accounts as a user would. Throws when a check blocks. */
export async function connectBoth(api: Api, world: World): Promise<{ shopId: string; crmId: string }> {
  const shopId = await connectShop(api, world)
  const crm = await api.connections.create({
    body: {
      connector: 'hubspot',
      settings: { apiBaseUrl: world.crm.url },
      credentials: { token: DEFAULT_TOKEN },
    },
  })
  if (!crm.connection) throw new Error(`not connected: ${JSON.stringify(crm.findings)}`)
  return { shopId, crmId: crm.connection.id }
}

/** Makes a flow and takes it live the way a user does: preview, then activate. */
export async function goLive(
  api: Api,
  ends: { shopId: string; crmId: string },
  want: {
    entity?: 'order' | 'customer' | 'product'
    document?: string
    settings?: Record<string, unknown>
  } = {},
): Promise<string> {
  const flow = await api.flows.create({
    body: {
      sourceConnectionId: ends.shopId,
      targetConnectionId: ends.crmId,
      entity: want.entity ?? 'order',
      document: want.document ?? 'order',
      // Made-up shops have orders of long ago.
      settings: { startDate: null },
    },
  })
  if (want.settings) {
    await api.flows.update({
      params: { flowId: flow.id },
      body: { settings: { ...flow.settings, ...want.settings } },
    })
  }
  await api.mappings.preview({ params: { flowId: flow.id }, body: { limit: 5 } })
  await api.flows.move({ params: { flowId: flow.id }, body: { to: 'previewed' } })
  await api.flows.move({ params: { flowId: flow.id }, body: { to: 'active' } })
  return flow.id
}
