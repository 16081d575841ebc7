/**
 * The floor: the smallest script that does the same work by hand, WooCommerce orders into HubSpot orders with contacts,
 * companies and lines, in batches, a few at once. It keeps nothing but two maps in memory, retries nothing, says yes to
 * a notice before anything is safe, and forgets all when it ends. What the service costs above it is the service's price.
 *
 * `node floor.ts '{"shop":…,"crm":…}'` prints `{"ready":…}`, then runs once per line on its stdin and prints what
 * it did; with `hookSecret` it takes notices at the address it prints.
 */
import { createHmac } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createInterface } from 'node:readline'
import { closeCalls, options, shop } from './floor/calls.ts'
import { prepare, write, type Order } from './floor/write.ts'

export interface FloorRun {
  orders: number
  seconds: number
}

const seen = new Map<number, string>()
const say = (what: object): void => void process.stdout.write(`${JSON.stringify(what)}\n`)

async function bring(orders: readonly Order[]): Promise<void> {
  const changed = orders.filter((order) => seen.get(order.id) !== order.date_modified_gmt)
  if (changed.length > 0) await write(changed)
  for (const order of changed) seen.set(order.id, order.date_modified_gmt)
}

/** Reads all orders and writes those that it has not seen as they are. @returns how many it read */
async function readAll(): Promise<number> {
  let count = 0
  let next = 1
  let last = false
  const work = async (): Promise<void> => {
    while (!last) {
      const orders = await shop<Order[]>(`orders?per_page=100&orderby=id&order=asc&page=${next++}`)
      if (orders.length < 100) last = true
      count += orders.length
      await bring(orders)
    }
  }
  await Promise.all(Array.from({ length: options.pages }, work))
  return count
}

/** Takes notices, gathers them and brings their orders over, a hundred at a time. */
function listen(hookSecret: string): void {
  const waiting = new Set<number>()
  let running = 0
  const work = async (): Promise<void> => {
    running += 1
    while (waiting.size > 0) {
      const ids = [...waiting].slice(0, 100)
      for (const id of ids) waiting.delete(id)
      await bring(await shop<Order[]>(`orders?per_page=100&include=${ids.join(',')}`))
    }
    running -= 1
  }
  const server = createServer((message, response) => {
    const chunks: Buffer[] = []
    message.on('data', (chunk: Buffer) => chunks.push(chunk))
    message.on('end', () => {
      const raw = Buffer.concat(chunks)
      const signature = createHmac('sha256', hookSecret).update(raw).digest('base64')
      const sound = signature === message.headers['x-wc-webhook-signature']
      if (sound) waiting.add((JSON.parse(raw.toString()) as { id: number }).id)
      response.writeHead(sound ? 200 : 401).end()
      if (sound && running < options.pages) setTimeout(() => running < options.pages && void work(), 5)
    })
  })
  server.listen(0, '127.0.0.1', () => say({ ready: `http://127.0.0.1:${(server.address() as AddressInfo).port}/` })) // prettier-ignore
}

await prepare()
if (options.hookSecret !== null) listen(options.hookSecret)
else {
  say({ ready: true })
  for await (const _ of createInterface({ input: process.stdin })) {
    const began = performance.now()
    const orders = await readAll()
    say({ orders, seconds: (performance.now() - began) / 1_000 } satisfies FloorRun)
  }
  closeCalls()
}
