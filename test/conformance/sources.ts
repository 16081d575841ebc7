import type { Page, PageRequest, Source } from '@crosswalk/connectors/sdk'
import { canonical, ENTITIES, type Entity } from '@crosswalk/shared/model'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { connect, keeper, type Session } from './session.ts'
import type { Running, SourceSide, Subject } from './subject.ts'

const COUNT = 25
const LIMIT = 10
const MINUTE = 60_000

type Records = { keys: string[]; pages: Page<unknown>[] }
const FIRST: PageRequest = { position: null, changedAfter: null, createdFrom: null, limit: LIMIT, detail: [] }

/** Reads page after page; positions travel as JSON, as they do in the store. */
async function readAll(session: Session, source: Source, request: PageRequest): Promise<Records> {
  const read: Records = { keys: [], pages: [] }
  let position: unknown = request.position
  do {
    const page = await session.run((context) => source.page({ ...request, position }, context))
    expect(page.records.length).toBeLessThanOrEqual(request.limit)
    read.pages.push(page)
    read.keys.push(...page.records.map((record) => source.key(record)))
    position = page.next === null ? null : (JSON.parse(JSON.stringify(page.next)) as unknown)
  } while (position !== null && read.pages.length < 100)
  expect(position, 'the list came to an end').toBeNull()
  return read
}

/** Every source the connector has. */
export function sourceTests(subject: Subject): void {
  const entities = ENTITIES.filter((entity) => subject.connector.sources[entity] !== undefined)
  if (entities.length === 0) return
  const side = subject.source
  if (side === undefined) throw new Error(`${subject.connector.id} has sources: its subject has to seed them`)
  for (const entity of entities) entityTests(subject, side, entity)
}

function entityTests(subject: Subject, side: SourceSide<Running>, entity: Entity): void {
  const source = subject.connector.sources[entity] as Source
  const { keep, closeAll } = keeper()
  let running: Running
  let session: Session
  let keys: readonly string[]
  beforeAll(async () => {
    running = keep(await subject.start())
    // Records of the past hour, read now: answers carry the machine's own time in their Date header.
    const { clock } = running.sim
    clock.advance(-60 * MINUTE)
    keys = side.seed(running, entity, COUNT)
    clock.advance(Date.now() - clock.now())
    session = keep(await connect(subject, running))
  })
  afterAll(closeAll)

  describe(`source ${entity}`, () => {
    it('reads every record once, always in the same order, and knows how many there are', async () => {
      const read = await readAll(session, source, FIRST)
      expect([...read.keys].sort()).toEqual([...keys].sort())
      const total = read.pages[0]?.total
      if (side.unknownTotals?.includes(entity) === true) expect(total).toBeNull()
      else expect(total).toBe(keys.length)
      expect((await readAll(session, source, FIRST)).keys).toEqual(read.keys)
    })

    it('goes on from a position in the middle, also in a new process', async () => {
      const whole = await readAll(session, source, FIRST)
      const [first] = whole.pages
      const position: unknown = JSON.parse(JSON.stringify(first?.next))
      const other = keep(await connect(subject, running))
      const rest = await readAll(other, source, { ...FIRST, position })
      expect([...(first?.records ?? []).map((record) => source.key(record)), ...rest.keys]).toEqual(
        whole.keys,
      )
    })

    it('reads by id, leaves out what is gone, in any number', async () => {
      const gone = '99999999'
      const read = async (ids: readonly string[]) => {
        const records = await session.run((context) => source.many(ids, context, []))
        return records.map((record) => source.key(record)).sort()
      }
      expect(await read([keys[1]!, gone, keys[0]!])).toEqual([keys[0]!, keys[1]!].sort())
      expect(await read([gone])).toEqual([])
      expect(await read([])).toEqual([])
      const many = [...keys, ...Array.from({ length: 230 }, (_, index) => String(50_000_000 + index))]
      expect(await read(many)).toEqual([...keys].sort())
    })

    it('decodes every record to what the canonical schema takes, and the same each time', async () => {
      const { pages } = await readAll(session, source, { ...FIRST, detail: ['refund_lines', 'variants'] })
      for (const record of pages.flatMap((page) => page.records)) {
        const native: unknown = source.native.parse(record)
        const decoded = source.decode(native, session.context())
        const checked = canonical[entity].safeParse(decoded)
        expect(checked.error?.issues, JSON.stringify(decoded)).toBeUndefined()
        expect(JSON.parse(JSON.stringify(decoded))).toEqual(decoded)
        expect(source.decode(native, session.context())).toEqual(decoded)
        expect(decoded.id).toBe(source.key(record))
      }
    })

    it('finds a record unchanged when it is read again', async () => {
      const mark = source.fingerprint ?? ((record: unknown) => record)
      const marks = async () =>
        (await session.run((context) => source.many(keys, context, []))).map((record) => [
          source.key(record),
          mark(record),
        ])
      const before = await marks()
      running.sim.clock.advance(MINUTE)
      expect(Object.fromEntries(await marks())).toEqual(Object.fromEntries(before))
    })

    it('lists what changed after a cursor of its own clock', async () => {
      const before = await readAll(session, source, FIRST)
      const cursor = before.pages.map((page) => page.sourceClock).find((clock) => clock !== null)
      expect(cursor).toBeDefined()
      running.sim.clock.advance(10 * MINUTE)
      const changed = keys[Math.floor(keys.length / 2)]!
      side.touch(running, entity, changed)
      running.sim.clock.advance(MINUTE)
      const after = await readAll(session, source, { ...FIRST, changedAfter: cursor ?? null })
      expect(after.keys).toContain(changed)
      if (source.listsByChange) expect(after.keys).toEqual([changed])
    })

    it('tells its statuses and custom fields where it has them', async () => {
      const statuses = source.statuses === undefined ? [] : await session.run(source.statuses)
      const fields = source.customFields === undefined ? [] : await session.run(source.customFields)
      for (const status of statuses)
        expect(status).toMatchObject({ value: expect.any(String), label: expect.any(String) })
      expect(new Set(fields.map((field) => field.name)).size).toBe(fields.length)
      if (source.statuses !== undefined) expect(statuses.length).toBeGreaterThan(0)
    })

    const { newest, count } = source
    if (newest)
      it('lists the newest first, each once', async () => {
        const read: unknown[] = []
        let position: unknown = null
        do {
          const page = await session.run((context) => newest({ position, limit: LIMIT, detail: [] }, context))
          expect(page.records.length).toBeLessThanOrEqual(LIMIT)
          read.push(...page.records)
          position = page.next === null ? null : (JSON.parse(JSON.stringify(page.next)) as unknown)
        } while (position !== null && read.length <= keys.length)
        expect(read.map((record) => source.key(record)).sort()).toEqual([...keys].sort())
        const made = read.map(
          (record) => source.decode(source.native.parse(record), session.context()).createdAt,
        )
        expect(made).toEqual(made.toSorted().toReversed())
      })
    if (count)
      it('counts its records, and none made after today', async () => {
        const all = { createdFrom: null, createdTo: null, status: null }
        expect(await session.run((context) => count(all, context))).toBe(keys.length)
        const createdFrom = new Date(running.sim.clock.now() + 24 * 60 * MINUTE).toISOString()
        expect([0, null]).toContain(await session.run((context) => count({ ...all, createdFrom }, context)))
      })

    if (!source.listsByChange) return
    it('lists nothing made before a flow starts', async () => {
      const createdFrom = new Date(running.sim.clock.now() + 24 * 60 * MINUTE).toISOString()
      expect((await readAll(session, source, { ...FIRST, createdFrom })).keys).toEqual([])
    })
  })
}
