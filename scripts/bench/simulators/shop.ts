/**
 * Shops for measurements, all in this process: nothing is recorded, and their orders' JSON is built beforehand where it
 * fits into the memory, so that the shop's own work is not measured. `{"orders":10000,"count":1}`. Prints `{"shops":[…]}`.
 */
import { startWooCommerce } from '../../../test/simulators/woocommerce/index.ts'

/** JSON of this many orders takes about half a gigabyte. */
const MOST_READY_MADE = 100_000

const { orders = 0, count = 1 } = JSON.parse(process.argv[2] ?? '{}') as { orders?: number; count?: number }
const shops = await Promise.all(
  Array.from({ length: count }, (_, n) =>
    startWooCommerce({
      orderCount: orders,
      seed: 11 + n,
      record: false,
      readyMade: orders * count <= MOST_READY_MADE,
      allowTargets: ['*'],
    }),
  ),
)
process.stdout.write(`${JSON.stringify({ shops: shops.map(({ url, keys }) => ({ url, keys })) })}\n`)
