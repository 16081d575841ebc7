import { makeHome, startServiceProcess, type Home, type ServiceProcess } from './service.ts'
import { connectBoth, connectShop, goLive, startWorld, type World } from './shop-to-crm.ts'
import { until } from './processes.ts'
import { freePort } from './free-port.ts'

export type CrmRecord = NonNullable<ReturnType<World['crm']['get']>>
type Json = Record<string, unknown>

export interface SceneOptions {
  world?: Parameters<typeof startWorld>[0]
  /** A world that is there already. */
  ready?: World
  /** False: the service has no public address. */
  webhooks?: boolean
  env?: Record<string, string>
  /** The service's own; a free one where absent. */
  port?: number
  home?: Home
  /** Connects both accounts; with keys where absent. */
  connect?: (service: ServiceProcess, world: World) => Promise<Scene['ends']>
  /** More `host:port` that the service may call. */
  hosts?: readonly string[]
}

/** A shop with two products, a HubSpot, and a service between them that a test may end and start again. */
export interface Scene {
  world: World
  home: Home
  service: ServiceProcess
  ends: { shopId: string; crmId: string }
  apron: number
  mitt: number
  /** Starts the service again, at the address it had. */
  start: (env?: Record<string, string>) => Promise<void>
  close: () => Promise<void>
}

/** Opens a scene; no flow is live yet. */
export async function openScene(options: SceneOptions = {}): Promise<Scene> {
  const world = options.ready ?? (await startWorld(options.world))
  const home = options.home ?? (await makeHome())
  const place = options.webhooks === false ? {} : { port: options.port ?? (await freePort()) }
  const start = (env: Record<string, string> = {}): Promise<ServiceProcess> =>
    startServiceProcess(home, {
      hosts: world.hosts.concat(options.hosts ?? []),
      ...place,
      env: { ...options.env, ...env },
    })
  const service = await start()
  const scene: Scene = {
    world,
    home,
    service,
    ends: await (options.connect ? options.connect(service, world) : connectBoth(service.api, world)),
    ...stock(world),
    start: async (env) => {
      scene.service = await start(env)
    },
    close: async () => {
      await scene.service.end('SIGKILL')
      await world.close()
      await home.remove()
    },
  }
  return scene
}

/** Puts two products into a world's shop. */
const stock = ({ shop }: World): Pick<Scene, 'apron' | 'mitt'> => ({
  apron: shop.addProduct({ name: 'Linen apron', sku: 'APRON', regular_price: '40.00' }).id as number,
  mitt: shop.addProduct({ name: 'Oven mitt', sku: 'MITT', regular_price: '15.00' }).id as number,
})

/**
 * Another shop that the scene's service brings to the scene's HubSpot. The service must be allowed to call it: open the
 * scene with its host among `hosts`. Closing it closes that shop alone.
 */
export async function besideShop(scene: Scene, shop: World['shop']): Promise<Scene> {
  const world = { ...scene.world, shop }
  return {
    ...scene,
    world,
    ends: { ...scene.ends, shopId: await connectShop(scene.service.api, world) },
    ...stock(world),
    close: () => shop.close(),
  }
}

/** A buyer's address. */
export const buyer = (email: string, more: object = {}) => ({
  first_name: 'Anna',
  last_name: 'Jansen',
  email,
  country: 'NL',
  ...more,
})

/** Somebody buys two aprons and an oven mitt, paid, unless told otherwise. @returns the order's id */
export const buy = (scene: Scene, email: string, more: Json = {}, billing: object = {}): number =>
  scene.world.shop.placeOrder({
    status: 'processing',
    set_paid: true,
    billing: buyer(email, billing),
    line_items: [
      { product_id: scene.apron, quantity: 2 },
      { product_id: scene.mitt, quantity: 1 },
    ],
    ...more,
  }).id as number

/** What a test of one flow looks at. */
export interface FlowView {
  id: string
  record: (id: number) => ReturnType<ServiceProcess['api']['records']['get']>
  /** The document in HubSpot. */
  document: (id: number) => CrmRecord | undefined
  linked: (id: number, object: string) => CrmRecord[]
  /** Waits until a record stands whole and `agrees`. Nothing pushes: what the shop tells has to. */
  synced: (
    id: number,
    agrees?: (document: CrmRecord) => boolean,
    timeoutMs?: number,
  ) => Promise<Awaited<ReturnType<FlowView['record']>>>
  /** Waits until a record is in a state. */
  becomes: (
    id: number,
    state: 'failed' | 'skipped' | 'deleted' | 'pending',
  ) => Promise<Awaited<ReturnType<FlowView['record']>>>
  /** Changes some settings and leaves the others. */
  set: (change: Json) => Promise<void>
  settings: () => Promise<Json>
}

/** A flow as tests of orders, deals and others see it; `object` is the document's object in HubSpot. */
export function flowView(scene: Scene, flowId: string, object: string): FlowView {
  const { world } = scene
  const view: FlowView = {
    id: flowId,
    record: (id) => scene.service.api.records.get({ params: { flowId, externalId: String(id) } }),
    document: (id) =>
      world.crm.all(object).find((one) => String(one.properties['crosswalk_key']).endsWith(`:${id}`)),
    linked: (id, other) =>
      world.crm
        .associations(object, view.document(id)?.id ?? '')
        .filter((entry) => entry.objectType === other)
        .flatMap((entry) => world.crm.get(other, entry.id) ?? []),
    synced: (id, agrees = () => true, timeoutMs = 60_000) =>
      until(
        `record ${id} in HubSpot`,
        async () => {
          const found = await view.record(id).catch(() => null)
          if (found?.state !== 'linked' || !found.complete) return null
          const at = [found.target?.object ?? object, found.target?.id ?? ''] as const
          const document = world.crm.get(...at)
          // A document is written before its lines: until the go that wrote it has ended, the rest may be missing.
          const ended = Date.parse(found.syncedAt ?? '') >= world.crm.writtenAt(...at)
          return document && ended && agrees(document) ? found : null
        },
        timeoutMs,
      ),
    becomes: (id, state) =>
      until(
        `record ${id} ${state}`,
        async () => {
          const found = await view.record(id).catch(() => null)
          return found?.state === state ? found : null
        },
        60_000,
      ),
    settings: async () => (await scene.service.api.flows.get({ params: { flowId } })).settings,
    set: async (change) => {
      const settings = { ...(await view.settings()), ...change }
      await scene.service.api.flows.update({ params: { flowId }, body: { settings } })
    },
  }
  return view
}

/** A live flow of orders. */
export const orderFlow = async (scene: Scene, settings: Json = {}): Promise<FlowView> =>
  flowView(scene, await goLive(scene.service.api, scene.ends, { settings }), 'orders')
