/**
 * Starts a shop as its own process: `node test/simulators/woocommerce/run.ts --orders 10000 --seed 7 --port 0`.
 * Prints one line of JSON with its address and keys, stops on SIGTERM or SIGINT, and with `--parent-stdin` when the
 * process that started it is gone. `--traffic 8` lets something happen in the shop every 8 seconds.
 */
import { parseArgs } from 'node:util'
import { startWooCommerce, type WooCommerceOptions } from './index.ts'
import { seededRandom } from './php.ts'
import { createTraffic } from './traffic.ts'

const { values } = parseArgs({
  allowNegative: true,
  options: {
    orders: { type: 'string' },
    seed: { type: 'string', default: '1' },
    port: { type: 'string', default: '0' },
    record: { type: 'boolean', default: true },
    'store-url': { type: 'string' },
    https: { type: 'string', default: 'terminated' },
    'timezone-offset': { type: 'string', default: '60' },
    'generate-until': { type: 'string' },
    'plain-permalinks': { type: 'boolean', default: false },
    'strip-authorization': { type: 'boolean', default: false },
    'security-plugin': { type: 'boolean', default: false },
    'allow-target': { type: 'string', multiple: true, default: [] },
    'auto-deliver': { type: 'boolean', default: false },
    recorded: { type: 'boolean', default: false },
    traffic: { type: 'string' },
    'parent-stdin': { type: 'boolean', default: false },
  },
})

const options: WooCommerceOptions = {
  record: values.record,
  seed: Number(values.seed),
  port: Number(values.port),
  https: values.https === 'none' ? 'none' : 'terminated',
  timezoneOffsetMinutes: Number(values['timezone-offset']),
  plainPermalinks: values['plain-permalinks'],
  stripAuthorization: values['strip-authorization'],
  securityPlugin: values['security-plugin'],
  allowTargets: values['allow-target'],
  autoDeliver: values['auto-deliver'],
  recorded: values.recorded,
  ...(values.orders === undefined ? {} : { orderCount: Number(values.orders) }),
  ...(values['store-url'] === undefined ? {} : { storeUrl: values['store-url'] }),
  ...(values['generate-until'] === undefined ? {} : { generateUntil: Date.parse(values['generate-until']) }),
}

const simulator = await startWooCommerce(options)
process.stdout.write(`${JSON.stringify({ url: simulator.url, keys: simulator.keys })}\n`)
const traffic = createTraffic(simulator, seededRandom(Number(values.seed)))
const ticker =
  values.traffic === undefined ? null : setInterval(() => traffic.step(), Number(values.traffic) * 1000)

const stop = (): void => {
  if (ticker) clearInterval(ticker)
  void simulator.close().then(() => process.exit(0))
}
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, stop)
if (values['parent-stdin']) process.stdin.resume().once('end', stop).once('error', stop)
