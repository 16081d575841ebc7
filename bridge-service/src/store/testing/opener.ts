import { openStore } from '../database.ts'
import { silentLog } from '../testing.ts'

/** Opens a store, says so or says why not, and closes it when its input ends. Arguments: JSON of the options. */
try {
  const store = await openStore({ ...(JSON.parse(process.argv[2] as string) as object), log: silentLog })
  process.stdout.write('open\n')
  process.stdin.resume()
  process.stdin.once('end', () => void store.close().then(() => process.exit(0)))
} catch (error) {
  process.stdout.write(`${(error as Error).name}: ${(error as Error).message}\n`)
  process.exit(1)
}
