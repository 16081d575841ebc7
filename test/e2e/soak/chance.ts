import { seededRandom } from '../../simulators/woocommerce/php.ts'

/** Random choices that come out the same for the same seed. */
export interface Chance {
  /** In [0, 1). */
  share: () => number
  /** A whole number from `low` to `high`, both included. */
  whole: (low: number, high: number) => number
  pick: <T>(list: readonly T[]) => T
  /** A name by its weight. */
  weighted: <T extends string>(weights: Readonly<Record<T, number>>) => T
  shuffled: <T>(list: readonly T[]) => T[]
}

export function chanceOf(seed: number): Chance {
  const share = seededRandom(seed)
  const whole = (low: number, high: number): number => low + Math.floor(share() * (high - low + 1))
  return {
    share,
    whole,
    pick: (list) => {
      const found = list[whole(0, list.length - 1)]
      if (found === undefined) throw new Error('nothing to pick from')
      return found
    },
    weighted: (weights) => {
      const entries = Object.entries(weights) as [keyof typeof weights, number][]
      let left = share() * entries.reduce((sum, [, weight]) => sum + weight, 0)
      for (const [name, weight] of entries) if ((left -= weight) < 0) return name
      return entries[0]![0]
    },
    shuffled: (list) => {
      const left = [...list]
      for (let i = left.length - 1; i > 0; i -= 1) {
        const j = whole(0, i)
        ;[left[i], left[j]] = [left[j]!, left[i]!]
      }
      return left
    },
  }
}
