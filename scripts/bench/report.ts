import { cpus, totalmem } from 'node:os'
import { readFile } from 'node:fs/promises'
import { rows } from './rows/index.ts'
import type { Figures } from './rows/row.ts'
import { fillInCurves, writeFormatted } from './scaling-page.ts'

export interface Measured {
  /** Name in `docs/bench.json`. */
  name: string
  about: string
  store: string
  rounds: number
  figures: Figures
}

type Entry = Figures & { when: string; machine: string; store: string; rounds: number }

const JSON_FILE = 'docs/bench.json'
const MD_FILE = 'docs/bench.md'
const machine = `${cpus().length} cores, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.versions.node}`

export const show = (measured: readonly Measured[]): string =>
  measured.map(({ name, figures }) => `${name}: ${JSON.stringify(figures, null, 2)}\n`).join('')

/** Enters new figures among those that were measured before. */
export async function keep(measured: readonly Measured[]): Promise<void> {
  const before = JSON.parse(await readFile(JSON_FILE, 'utf8').catch(() => '{}')) as Record<string, Entry>
  const when = new Date().toISOString().slice(0, 10)
  for (const { name, store, rounds, figures } of measured) {
    before[name] = { when, machine, store, rounds, ...figures } as Entry
  }
  const order = rows.flatMap((row) => row.names.flatMap((name) => [name, `${name}Embedded`]))
  // Whatever else stands in the file was written by an earlier version of this one.
  const isEntry = (entry: Entry | undefined): entry is Entry => entry?.machine !== undefined
  const entries = order.flatMap((name): [string, Entry][] => {
    const entry = before[name]
    return isEntry(entry) ? [[name, entry]] : []
  })
  await writeFormatted(JSON_FILE, JSON.stringify(Object.fromEntries(entries), null, 2))
  await writeFormatted(MD_FILE, page(entries))
  await fillInCurves(Object.fromEntries(entries))
}

const aboutOf = (name: string): string => {
  const plain = name.replace(/Embedded$/, '')
  const row = rows.find((one) => one.names.includes(plain))
  return `${row?.about[plain] ?? ''}${plain === name ? '' : '; embedded store'}`
}

/** `cpuMsPerOrder` → `cpu ms per order`. */
const words = (name: string): string => {
  const plain = name
    .replace(/MiB$/, '')
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .toLowerCase()
  return name.endsWith('MiB') ? `${plain} MiB` : plain
}

function section([name, entry]: [string, Entry]): string {
  const { when, machine: on, store, rounds, load, ...figures } = entry
  const names = Object.keys(figures)
  const own = names.filter((one) => !one.startsWith('floor'))
  const cells = own.map((one) => {
    const floor = figures[`floor${one[0]?.toUpperCase()}${one.slice(1)}`]
    return `| ${words(one)} | ${figures[one]} | ${floor ?? ''} |`
  })
  return [
    `## ${name}`,
    '',
    `${aboutOf(name)}.`,
    '',
    `| figure | Crosswalk | floor |`,
    `| --- | --- | --- |`,
    ...cells,
    '',
    `${store}, ${when}, ${on}, ${rounds === 1 ? 'measured once' : `median of ${rounds}`}, load ${load}.`,
    '',
  ].join('\n')
}

const page = (entries: readonly [string, Entry][]): string => `# Measured

By \`npm run bench\`, all on one machine: the shop, HubSpot, the service and PostgreSQL are processes beside each other,
so on a machine with two cores the simulators take their part of what is there (\`shop cpu\`, \`target cpu\`). CPU and
memory without a name before them are the service's own, PostgreSQL's stand apart. The **floor** is a hand-written script
(\`scripts/bench/floor.ts\`) that does the same work in batches with no store, no retries and no memory of what it did,
measured right before; \`of floor\` is the service's rate as a part of the floor's. What to make of it: [scaling.md](scaling.md).

${entries.map(section).join('\n')}`
