import type { Server } from '../world.ts'

/** Figures of one measurement by name, unit included. */
export type Figures = Record<string, number>

export interface RowContext {
  server: Server
  /** Divides every amount of work: 1, or 10 with `--quick`. */
  shrink: number
  /** A million orders where a row otherwise takes a hundred thousand. */
  full: boolean
}

/** Something that is measured. One measurement may fill several rows. */
export interface Row {
  /** Names in `docs/bench.json`, e.g. `backfill` and `unchanged`. */
  names: readonly string[]
  /** Which of the two stores it is measured on; names of embedded rows end in `Embedded`. */
  stores: readonly ('server' | 'embedded')[]
  /** Rounds at most: long rows are measured once. */
  rounds?: number
  /** Long ones are left out of `npm run bench` unless asked for by name. */
  onlyWhenNamed?: boolean
  measure: (context: RowContext) => Promise<Record<string, Figures>>
  /** What a reader should know, by name. */
  about: Readonly<Record<string, string>>
}

/** `floor` beside what was measured: its figures, and the rate as a part of the floor's. */
export const besideFloor = (figures: Figures, floor: Figures): Figures => ({
  ...figures,
  ...Object.fromEntries(
    Object.entries(floor).map(([name, value]) => [`floor${name[0]?.toUpperCase()}${name.slice(1)}`, value]),
  ),
  ofFloor: (figures['ordersPerSecond'] ?? NaN) / (floor['ordersPerSecond'] ?? NaN),
})
