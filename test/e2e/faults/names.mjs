/**
 * Loaded into the service before anything else (`--import`): names that stand in the file `TEST_NAMES` lead where it says,
 * as of now, so that a name can lead elsewhere between two calls. All others are looked up as ever.
 */
import { readFileSync } from 'node:fs'
import dns from 'node:dns/promises'
import { syncBuiltinESMExports } from 'node:module'

const real = dns.lookup

dns.lookup = async (hostname, options) => {
  const names = JSON.parse(readFileSync(process.env.TEST_NAMES, 'utf8'))
  if (!Object.hasOwn(names, hostname)) return real(hostname, options)
  return names[hostname].map((address) => ({ address, family: address.includes(':') ? 6 : 4 }))
}
syncBuiltinESMExports()
