/**
 * `node test/e2e/freeze-store.ts <file>`: makes a store of the present version and freezes it into a text file, for the
 * upgrade test. Run it before a migration is added that the last frozen store does not cover.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { runOn } from './commands.ts'
import { until } from './processes.ts'
import { freeze, FROZEN_MASTER_KEY, SHOP_KEYS } from './old-store.ts'
import { firstOrders, openOldShop } from './old-shop.ts'

const file = process.argv[2]
if (file === undefined) throw new Error('usage: node test/e2e/freeze-store.ts <file>')
const scene = await openOldShop({ MASTER_KEY: FROZEN_MASTER_KEY })
try {
  const flow = await firstOrders(scene, true)
  const params = { flowId: flow.id }
  for (const body of [
    { kind: 'backfill' as const, from: '2020-01-01T00:00:00Z' },
    { kind: 'reconcile' as const },
  ]) {
    const { id } = await scene.service.api.runs.start({ params, body })
    await until(`the end of the ${body.kind}`, async () => {
      const { state } = await scene.service.api.runs.get({ params: { runId: id } })
      return !['queued', 'running'].includes(state)
    })
  }
  await scene.service.end()
  const backup = join(scene.home.dir, 'store.gz')
  const { code, output } = await runOn(scene.home, 'backup', [backup], { MASTER_KEY: FROZEN_MASTER_KEY })
  if (code !== 0) throw new Error(output)
  const lines = gunzipSync(readFileSync(backup)).toString().trimEnd().split('\n')
  writeFileSync(file, `${freeze(lines, scene.world).join('\n')}\n`)
  console.log(`${file}: ${lines.length} lines, shop key ${SHOP_KEYS.key}`)
} finally {
  await scene.close()
}
