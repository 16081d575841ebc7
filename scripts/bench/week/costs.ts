import { readFile } from 'node:fs/promises'

/** What the model takes from measurements. CPU in ms of one core; `own` is the service's, `pg` PostgreSQL's. */
export interface Costs {
  /** Taking one notice in: verify, store, answer. */
  receive: Cpu
  /** A batch of n records costs `perBatch + n × perRecord`. */
  perBatch: Cpu
  perRecord: Cpu
  /** One record of a backfill's page. */
  bulkRecord: Cpu
  /** One record of the daily comparison. */
  comparedRecord: Cpu
  /** A connection that rests, per second: sweeps and clockwork. */
  resting: Cpu
  /** Target calls of a batch of n new records: `callsPerBatch + n × callsPerRecord`. */
  callsPerBatch: number
  callsPerRecord: number
  comparedCallsPerRecord: number
}

export interface Cpu {
  own: number
  pg: number
}

type Figures = Record<string, number>
const NEEDED = ['backfill', 'reconcile', 'webhooksTargetDown', 'live', 'connections']

/**
 * Costs from `docs/bench.json`. A live record alone costs what `live` says without what a resting service uses; a record
 * in a full batch costs what `backfill` says; between the two lies a straight line.
 * @throws when a row is missing
 */
export async function readCosts(file = 'docs/bench.json'): Promise<Costs> {
  const rows = JSON.parse(await readFile(file, 'utf8')) as Record<string, Figures>
  const missing = NEEDED.filter((name) => rows[name] === undefined)
  if (missing.length > 0) throw new Error(`not measured yet: npm run bench -- ${missing.join(' ')}`)
  return costsFrom(rows)
}

/** The arithmetic of `readCosts`. Differences that noise makes negative count as nothing. */
export function costsFrom(rows: Record<string, Figures>): Costs {
  const figure = (row: string, name: string): number => {
    const value = rows[row]?.[name]
    if (typeof value !== 'number') throw new Error(`docs/bench.json has no ${row}.${name}`)
    return value
  }
  const cpuOf = (row: string): Cpu => ({
    own: figure(row, 'cpuMsPerOrder'),
    pg: figure(row, 'postgresCpuMsPerOrder'),
  })
  const each = (make: (side: 'own' | 'pg') => number): Cpu => ({
    own: Math.max(0, make('own')),
    pg: Math.max(0, make('pg')),
  })
  const idle = (count: number): Cpu => ({
    own: figure('connections', `idleCpuMsPerSecond${count}`),
    pg: figure('connections', `idlePostgresCpuMsPerSecond${count}`),
  })
  const bulk = cpuOf('backfill')
  const receive = cpuOf('webhooksTargetDown')
  const alone = cpuOf('live')
  const noticesPerSecond = figure('live', 'noticesPerSecond')
  const many = Object.hasOwn(rows['connections'] ?? {}, 'idleCpuMsPerSecond500') ? 500 : 100
  const [one, all] = [idle(1), idle(many)]
  const aloneCalls = figure('live', 'callsPerOrder')
  const bulkCalls = figure('backfill', 'callsPerOrder')
  // Two points of a line: a batch of 1, and one of 100.
  const callsPerRecord = Math.max(0, (100 * bulkCalls - aloneCalls) / 99)
  return {
    receive,
    perBatch: each((side) => alone[side] - one[side] / noticesPerSecond - receive[side] - bulk[side]),
    perRecord: bulk,
    bulkRecord: bulk,
    comparedRecord: cpuOf('reconcile'),
    resting: each((side) => (all[side] - one[side]) / (many - 1)),
    callsPerBatch: aloneCalls - callsPerRecord,
    callsPerRecord,
    comparedCallsPerRecord: figure('reconcile', 'callsPerOrder'),
  }
}
