import { readFile, writeFile } from 'node:fs/promises'
import { format, resolveConfig } from 'prettier'

const FILE = 'docs/scaling.md'
type Entry = Record<string, number | string>
type Entries = Readonly<Record<string, Entry | undefined>>

/** Writes a file the way `npm run check` wants it. */
export async function writeFormatted(file: string, text: string): Promise<void> {
  await writeFile(file, await format(text, { ...(await resolveConfig(file)), filepath: file }))
}

/** Puts a text between `<!-- name -->` and `<!-- /name -->` of `docs/scaling.md`. @throws when there is no such place */
export async function fillIn(name: string, text: string): Promise<void> {
  const page = await readFile(FILE, 'utf8')
  const place = new RegExp(`<!-- ${name} -->[\\s\\S]*<!-- /${name} -->`)
  if (!place.test(page)) throw new Error(`${FILE} has no place for ${name}`)
  // A function, since a text may hold what `replace` takes for a sign of its own.
  await writeFormatted(
    FILE,
    page.replace(place, () => `<!-- ${name} -->\n\n${text.trim()}\n\n<!-- /${name} -->`),
  )
}

interface Curve {
  row: string
  /** Heading of the first column. */
  of: string
  /** Points of the curve: what stands behind a figure's name, and how it is shown. */
  points: readonly (readonly [suffix: string, shown: string])[]
  columns: readonly (readonly [figure: string, heading: string])[]
}

const COSTS = [
  ['ordersPerSecond', 'orders a second'],
  ['cpuMsPerOrder', 'CPU ms an order'],
  ['postgresCpuMsPerOrder', 'PostgreSQL CPU ms an order'],
] as const

const SIZES: Omit<Curve, 'row'> = {
  of: 'orders in the shop',
  points: [['1k', '1,000'], ['10k', '10,000'], ['100k', '100,000'], ['1M', '1,000,000']], // prettier-ignore
  columns: [...COSTS, ['peakMemoryMiB', 'largest memory, MiB'], ['callsPerOrder', 'target calls an order']],
}

const CURVES: readonly Curve[] = [
  { row: 'sizes', ...SIZES },
  { row: 'sizesEmbedded', ...SIZES, columns: SIZES.columns.filter(([name]) => !name.startsWith('postgres')) },
  {
    row: 'connections',
    of: 'shops',
    points: [['1', '1'], ['10', '10'], ['100', '100'], ['500', '500']], // prettier-ignore
    columns: [
      ['idleCpuMsPerSecond', 'at rest, CPU ms a second'],
      ['idlePostgresCpuMsPerSecond', 'at rest, PostgreSQL CPU ms a second'],
      ...COSTS,
      ['peakMemoryMiB', 'largest memory, MiB'],
      ['ackP99Ms', 'notice answered, p99 ms'],
    ],
  },
  {
    row: 'scale',
    of: 'processes',
    points: [['1', '1'], ['2', '2'], ['4', '4']], // prettier-ignore
    columns: [['speedup', 'times one process'], ...COSTS, ['lost', 'lost']],
  },
]

function table({ row, of, points, columns }: Curve, entries: Entries): string {
  const entry = entries[row]
  if (!entry) return `Not measured yet: \`npm run bench -- ${row.replace('Embedded', '')}\`.`
  const rows = points
    .filter(([suffix]) => entry[`ordersPerSecond${suffix}`] !== undefined)
    .map(([suffix, shown]) => `| ${shown} | ${columns.map(([name]) => entry[`${name}${suffix}`] ?? '').join(' | ')} |`) // prettier-ignore
  return [
    `| ${of} | ${columns.map(([, heading]) => heading).join(' | ')} |`,
    `| --- |${' --- |'.repeat(columns.length)}`,
    ...rows,
    '',
    `${entry['machine']}, ${entry['when']}, load ${entry['load']}.`,
  ].join('\n')
}

/** Writes the measured curves into `docs/scaling.md`. */
export async function fillInCurves(entries: Entries): Promise<void> {
  for (const curve of CURVES) await fillIn(curve.row, table(curve, entries))
}
