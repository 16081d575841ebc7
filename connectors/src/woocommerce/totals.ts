import type { CountRequest, Conversation, Facts } from '../sdk/index.ts'
import { shifted } from './dates.ts'
import { totalOf, wc } from './rest.ts'

/** How many rows a list has, as `X-WP-Total` tells; null where the header is taken away on the way. */
export function* countOf(
  route: string,
  query: Readonly<Record<string, string>>,
  want: CountRequest,
  facts: Facts,
): Conversation<number | null> {
  const { createdFrom, createdTo, status } = want
  const reply = yield wc(facts, route, {
    ...query,
    per_page: '1',
    _fields: 'id',
    dates_are_gmt: 'true',
    ...(status === null ? {} : { status }),
    // Strictly after, in whole seconds.
    ...(createdFrom === null ? {} : { after: shifted(createdFrom, -1) }),
    ...(createdTo === null ? {} : { before: createdTo }),
  })
  return totalOf(reply)
}
