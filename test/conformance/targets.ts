import {
  ConnectorError,
  type Outcome,
  type PartInput,
  type TargetDocument,
  type TargetObject,
  type Write,
} from '@crosswalk/connectors/sdk'
import { applyPart, MappingDocument, readyLookups } from '@crosswalk/shared/mapping'
import type { Canonical, Entity } from '@crosswalk/shared/model'
import { afterEach, describe, expect, it } from 'vitest'
import { itemsOf, sample } from './samples.ts'
import { connect, keeper, type Session } from './session.ts'
import type { Running, Subject, TargetSide } from './subject.ts'

const ORIGIN = 'woocommerce:shop.example.com'

/** A part as the engine would plan it. */
interface Part {
  object: string
  role: string
  input: PartInput
}

/** Every document the connector can write, and every object it writes. */
export function targetTests(subject: Subject): void {
  const { connector } = subject
  if (Object.keys(connector.documents).length === 0) return
  const side = subject.target
  if (side === undefined) throw new Error(`${connector.id} has documents: its subject has to spoil drafts`)
  for (const [id, document] of Object.entries(connector.documents)) documentTests(subject, side, id, document)
}

/** Sends inputs in one call and reads their outcomes, as the engine does. */
async function write(
  session: Session,
  mode: Write,
  inputs: readonly PartInput[],
): Promise<readonly Outcome[]> {
  const context = session.context()
  try {
    return mode.outcomes(await session.http.send(mode.call(inputs, context)), inputs, context)
  } catch (error) {
    const [input] = inputs
    if (!(error instanceof ConnectorError) || inputs.length !== 1 || input === undefined) throw error
    const settled = mode.settle?.({ status: error.status ?? 0, body: error.body }, input, context)
    if (settled === undefined) throw error
    return [settled]
  }
}

const idsOf = (outcomes: readonly Outcome[]): Map<string, string> =>
  new Map(
    outcomes.flatMap((outcome) =>
      outcome.result === 'failed' ? [] : [[outcome.trace, outcome.id] as const],
    ),
  )

/** The parts of one sample record that a step makes, refs taken from the parts made before. */
function partsOf(
  session: Session,
  document: TargetDocument,
  index: number,
  made: ReadonlyMap<string, Part[]>,
  role: string,
): Part[] {
  const step = document.steps.find((entry) => entry.role === role)!
  const context = session.context()
  const mapping = MappingDocument.parse(document.mappingFor?.(context) ?? document.mapping)
  const record = sample(document.entity, index) as Canonical[Entity]
  const [pipeline] = document.stages?.(context) ?? []
  const stage = pipeline?.stages[0]?.id ?? 'none'
  const lookups = readyLookups([{ name: 'stages', entries: [], fallback: { to: stage } }])
  const flow = {
    origin: ORIGIN,
    store: 'Example shop',
    imported: false,
    documentLabel: 'Order',
    pipeline: pipeline?.pipeline ?? null,
  }
  const seen = new Set<string>()
  return itemsOf(document.entity, record, step.each).flatMap((item, at) => {
    const key = step.key({ record, item, origin: ORIGIN })
    if (key === null || seen.has(key)) return []
    seen.add(key)
    const result = applyPart(mapping.parts[role]!, { ...record, item, flow }, { lookups, on: 'create' })
    expect(result.failure, `mapping of ${role}`).toBeNull()
    const { keyField } = session.connector.objects[step.object]!
    const name = keyField(context)
    const draft = name === null ? result.draft : { [name]: key, ...result.draft }
    const refs = step.refs.flatMap((ref) => {
      const target = made.get(ref.role)?.[0]
      const id = target?.input.id ?? null
      return target === undefined || id === null
        ? []
        : [{ role: ref.role, object: target.object, id, as: ref.as }]
    })
    return [
      {
        object: step.object,
        role,
        input: { trace: `${role}-${index}-${at}`, key, id: null, draft, refs },
      },
    ]
  })
}

/** Writes a sample record whole, step by step. */
async function writeWhole(
  session: Session,
  document: TargetDocument,
  index: number,
): Promise<Map<string, Part[]>> {
  const made = new Map<string, Part[]>()
  for (const step of document.steps) {
    const parts = partsOf(session, document, index, made, step.role)
    const { create } = session.connector.objects[step.object]!
    if (parts.length === 0) continue
    const outcomes = await write(
      session,
      create!,
      parts.map((part) => part.input),
    )
    expect(
      outcomes.map((outcome) => outcome.result),
      JSON.stringify(outcomes),
    ).toEqual(parts.map(() => 'written'))
    const ids = idsOf(outcomes)
    made.set(
      step.role,
      parts.map((part) => ({ ...part, input: { ...part.input, id: ids.get(part.input.trace)! } })),
    )
  }
  return made
}

function documentTests(
  subject: Subject,
  side: TargetSide<Running>,
  id: string,
  document: TargetDocument,
): void {
  const { keep, closeAll } = keeper()
  afterEach(closeAll)
  const open = async () => {
    const running = keep(await subject.start())
    return { running, session: keep(await connect(subject, running)) }
  }
  const objectOf = (session: Session, part: Part): TargetObject => session.connector.objects[part.object]!
  const lag = (running: Running, session: Session, part: Part) =>
    running.sim.clock.advance(objectOf(session, part).byKey(session.context()).lagMs + 1_000)

  describe(`document ${id}`, () => {
    it('is written with its default mapping, whose fields the target has and takes', async () => {
      const { session } = await open()
      const made = await writeWhole(session, document, 1)
      expect([...made.keys()]).toContain(document.steps.at(-1)!.role)
      for (const part of [...made.values()].flat()) {
        const known = new Map(
          objectOf(session, part)
            .fields(session.context())
            .map((field) => [field.name, field]),
        )
        for (const name of Object.keys(part.input.draft)) {
          expect(known.get(name), `${part.object}.${name}`).toMatchObject({ readOnly: false })
        }
      }
      const last = made.get('document')?.[0] ?? [...made.values()].at(-1)![0]!
      expect(document.url(last.input.id!, session.context()) ?? 'https://none.example').toMatch(/^https:\/\//)
    })

    it('finds each part again by its key, with the values as `normalise` has them', async () => {
      const { running, session } = await open()
      const made = await writeWhole(session, document, 2)
      for (const part of [...made.values()].flat()) {
        lag(running, session, part)
        const object = objectOf(session, part)
        const context = session.context()
        const fields = Object.keys(part.input.draft)
        const found = await session.run((now) =>
          object.byKey(context).find([part.input.key!, 'nobody@nowhere.example'], fields, now),
        )
        expect(found.map((entry) => [entry.key, entry.id])).toEqual([[part.input.key, part.input.id]])
        const wanted = Object.fromEntries(
          fields.map((name) => [name, object.normalise(name, part.input.draft[name], context)]),
        )
        expect(found[0]?.values).toMatchObject(wanted)
        const [read] = await session.run((now) =>
          object.read!.byIds([part.input.id!, '99999999'], fields, now),
        )
        expect(read).toMatchObject({ id: part.input.id, values: wanted })
      }
    })

    it('answers a repeated create with the id that is there, and makes nothing new', async () => {
      const { running, session } = await open()
      const made = await writeWhole(session, document, 3)
      let tried = 0
      for (const parts of made.values()) {
        const object = objectOf(session, parts[0]!)
        if (!object.keyIs(session.context()).unique) continue
        tried += 1
        const before = side.ids(running, parts[0]!.object)
        const again = await write(
          session,
          object.create!,
          parts.map(({ input }) => ({ ...input, id: null })),
        )
        expect(again, parts[0]!.object).toEqual(
          parts.map(({ input }) => ({ trace: input.trace, result: 'exists', id: input.id })),
        )
        expect(side.ids(running, parts[0]!.object)).toEqual(before)
      }
      expect(tried).toBeGreaterThan(0)
    })

    it('finds what a lost answer made', async () => {
      const { running, session } = await open()
      const [step] = document.steps.filter((entry) => entry.refs.every((ref) => !ref.required))
      const [part] = partsOf(session, document, 4, new Map(), step!.role)
      running.sim.rules.add({ name: 'lost', times: 1, method: 'POST', action: { kind: 'apply_then_cut' } })
      const lost = await write(session, objectOf(session, part!).create!, [part!.input]).catch(
        (error: unknown) => error,
      )
      expect(lost).toMatchObject({ kind: 'unavailable', ambiguous: true })
      expect(running.sim.rules.hits('lost')).toBe(1)
      lag(running, session, part!)
      const { byKey } = objectOf(session, part!)
      const found = await session.run((context) => byKey(context).find([part!.input.key!], [], context))
      expect(found.map((entry) => entry.key)).toEqual([part!.input.key])
      expect(side.ids(running, part!.object)).toContain(found[0]?.id)
    })

    it('updates, associates twice without harm, takes associations away, archives', async () => {
      const { running, session } = await open()
      const made = await writeWhole(session, document, 5)
      for (const parts of made.values()) {
        const { update } = objectOf(session, parts[0]!)
        const outcomes = await write(
          session,
          update!,
          parts.map((part) => part.input),
        )
        expect(outcomes).toEqual(
          parts.map(({ input }) => ({ trace: input.trace, result: 'written', id: input.id })),
        )
      }
      await associateAll(session, [...made.values()].flat())
      for (const parts of [...made.values()].reverse()) {
        const { archive } = objectOf(session, parts[0]!)
        if (archive === undefined) continue
        const outcomes = await write(
          session,
          archive,
          parts.map((part) => part.input),
        )
        expect(outcomes.map((outcome) => outcome.result)).toEqual(parts.map(() => 'written'))
        for (const { object, input } of parts) expect(side.ids(running, object)).not.toContain(input.id)
      }
    })

    it('writes a full batch in one call, in which a bad input fails alone', async () => {
      const { running, session } = await open()
      const step = document.steps.find(
        (entry) => entry.each !== 'lines' && entry.refs.every((ref) => !ref.required),
      )!
      const object = session.connector.objects[step.object]!
      const parts = Array.from(
        { length: object.create!.max },
        (_, index) => partsOf(session, document, 100 + index, new Map(), step.role)[0]!,
      )
      const bad = Math.floor(parts.length / 2)
      const inputs = parts.map(({ input }, index) =>
        index === bad ? { ...input, draft: side.spoil(step.object, input.draft) } : input,
      )
      const before = running.sim.calls.length
      const outcomes = await write(session, object.create!, inputs)
      expect(running.sim.calls.length - before).toBe(1)
      const failed = outcomes.filter((outcome) => outcome.result === 'failed')
      expect(failed.map((outcome) => outcome.trace)).toEqual([inputs[bad]!.trace])
      expect(failed[0]).toMatchObject({
        kind: expect.stringMatching(/^(?:invalid|conflict)$/),
        publicMessage: expect.stringMatching(/./),
      })
      expect(outcomes.filter((outcome) => outcome.result === 'written')).toHaveLength(parts.length - 1)
      expect(side.ids(running, step.object)).toHaveLength(parts.length - 1)
    })

    it('looks up any number of keys, in calls the target takes', async () => {
      const { running, session } = await open()
      for (const object of Object.values(session.connector.objects)) {
        const matcher = object.byKey(session.context())
        const keys = Array.from({ length: matcher.max }, (_, index) => `key-${index}@nowhere.example`)
        expect(await session.run((context) => matcher.find(keys, [], context))).toEqual([])
        expect(await session.run((context) => matcher.find([], [], context))).toEqual([])
      }
      expect(running.sim.calls.filter((call) => call.status >= 400 && call.status !== 404)).toEqual([])
    })
  })
}

/** Associates twice, then takes away, whatever refs between the parts are associations. */
async function associateAll(session: Session, parts: readonly Part[]): Promise<void> {
  const { associate } = session.connector
  if (associate === undefined) return
  for (const part of parts) {
    for (const ref of part.input.refs) {
      if (ref.as.kind !== 'association') continue
      const pair = { trace: part.input.trace, from: part.input.id!, to: ref.id, as: ref.as }
      for (const call of [associate.call, associate.call, associate.remove, associate.remove]) {
        const reply = await session.http.send(call(part.object, ref.object, [pair], session.context()))
        expect(reply.status).toBeLessThan(300)
      }
    }
  }
}
