import { Problem } from '../problem.ts'
import type { Service } from '../service-types.ts'
import { countTry, forgiveTries, uncountTry, type Patience } from '../store/wrong-tries.ts'

/** What is tried: an account's password by its address (also one that nobody has), a code, or anything, from one sender. */
export type Tried = `email:${string}` | `code:${string}` | `again:${string}` | `sender:${string}`

/** Three tries, then waits of 4 s, 8 s … 5 minutes: some seven in the first minute, and some three hundred a day. */
const OF_ONE: Patience = { free: 3, firstWaitMs: 4_000, longestWaitMs: 300_000 }
/** Many people may come from one address. */
const OF_SENDER: Patience = { free: 10, firstWaitMs: 2_000, longestWaitMs: 900_000 }

type Deps = Pick<Service, 'store' | 'vault' | 'clock'>

const keyOf = ({ vault }: Deps, tried: Tried): string => vault.keyedHash(`try:${tried}`)

/**
 * Counts a try at each of these before anything is compared. The wait is the same whether there is such an account.
 * @throws Problem `rate_limited` where there were too many
 */
export async function allowTry(deps: Deps, ...all: readonly Tried[]): Promise<void> {
  for (const tried of all) {
    const patience = tried.startsWith('sender:') ? OF_SENDER : OF_ONE
    const wait = await countTry(deps.store.db, keyOf(deps, tried), new Date(deps.clock.now()), patience)
    if (wait === 0) continue
    const retryAfter = Math.ceil(wait / 1_000)
    throw new Problem('rate_limited', `There were too many wrong tries. Try again in ${inWords(retryAfter)}.`, { retryAfter }) // prettier-ignore
  }
}

const inWords = (seconds: number): string => {
  if (seconds === 1) return '1 second'
  return seconds <= 90 ? `${seconds} seconds` : `${Math.ceil(seconds / 60)} minutes`
}

/** The try was right: what was tried is forgiven, its sender has one wrong try less. */
export async function rightTry(deps: Deps, ...all: readonly Tried[]): Promise<void> {
  for (const tried of all) {
    const settle = tried.startsWith('sender:') ? uncountTry : forgiveTries
    await settle(deps.store.db, keyOf(deps, tried))
  }
}
