import { openStore } from '../database.ts'
import { silentLog } from '../testing.ts'

/** Program of the crash test: adds rows for ever and prints each number once its commit was acknowledged. */
const dataDir = process.argv[2] as string
const store = await openStore({ dataDir, log: silentLog })
const [last] = await store.raw<{ last: number }>(`select coalesce(max(name::int), 0) as last from workspace`)
for (let number = (last?.last ?? 0) + 1; ; number += 1) {
  await store.db.transaction().execute(async (tx) => {
    await tx
      .insertInto('workspace')
      .values({ id: `a${number}`, name: String(number) })
      .execute()
    await tx
      .insertInto('workspace')
      .values({ id: `b${number}`, name: String(number) })
      .execute()
  })
  process.stdout.write(`${number}\n`)
  if (number % 50 === 0) await store.maintain()
}
