import { isIP } from 'node:net'
import { z } from 'zod'

/**
 * Who may say for whom a request comes (`X-Forwarded-For`), as Express' `trust proxy`: so many proxies in a row in front of
 * the service, or the proxies' addresses and ranges. 0: nobody.
 */
export type TrustProxy = number | string[]

/** Names of ranges that Express knows. */
const NAMED = ['loopback', 'linklocal', 'uniquelocal']
/** A longer row is a slip: beyond the last proxy stands what the caller wrote. */
const MOST_PROXIES = 10
const EXAMPLES = 'a number of proxies such as 1, or their addresses such as 10.0.0.5,192.168.0.0/16,loopback'

/** An address or range; a range of everybody is none. */
function isRange(text: string): boolean {
  const [address = '', bits, ...rest] = text.split('/')
  const kind = isIP(address)
  if (kind === 0 || address.includes('%') || rest.length > 0) return false
  return bits === undefined || (/^[1-9]\d{0,2}$/.test(bits) && Number(bits) <= (kind === 4 ? 32 : 128))
}

/** The variable `TRUST_PROXY`. */
export const TrustProxyText = z
  .string()
  .default('')
  .transform((text, context): TrustProxy => {
    const entries = text.split(',').map((entry) => entry.trim()).filter((entry) => entry !== '') // prettier-ignore
    const refuse = (why: string): never => {
      context.addIssue({ code: 'custom', message: `${why} Give ${EXAMPLES}.` })
      return z.NEVER
    }
    const [first = '0'] = entries
    if (entries.length <= 1 && /^\d+$/.test(first)) {
      if (Number(first) <= MOST_PROXIES) return Number(first)
      return refuse(`${first} proxies in a row are too many to be true.`)
    }
    if (first === 'true') return refuse('"true" would believe every caller that names an address.')
    const wrong = entries.find((entry) => !NAMED.includes(entry) && !isRange(entry))
    return wrong === undefined ? entries : refuse(`"${wrong}" is no address or range.`)
  })
