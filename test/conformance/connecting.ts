import { ask, ConnectorError } from '@crosswalk/connectors/sdk'
import { afterEach, describe, expect, it } from 'vitest'
import { connect, keeper, openSession } from './session.ts'
import type { Subject } from './subject.ts'

/** Connecting: settings, credentials, the check, failures of any call. */
export function connectingTests(subject: Subject): void {
  const { connector } = subject
  const { keep, closeAll } = keeper()
  afterEach(closeAll)

  describe('connecting', () => {
    it('takes its settings and credentials back as it gave them', async () => {
      const running = keep(await subject.start())
      for (const [schema, value] of [
        [connector.settings, running.settings],
        [connector.credentials, running.credentials],
      ] as const) {
        const once: unknown = schema.parse(value)
        expect(schema.parse(JSON.parse(JSON.stringify(once)))).toEqual(once)
      }
    })

    it('checks a good connection changing nothing, learns plain facts and names the account', async () => {
      const running = keep(await subject.start())
      const session = keep(openSession(subject, running))
      const report = await session.run(connector.check)
      expect(report.findings.filter((finding) => finding.state === 'failed')).toEqual([])
      expect(report.origin).toMatch(new RegExp(`^${connector.id}:.+`))
      expect(report.account).not.toBe('')
      expect(JSON.parse(JSON.stringify(report.facts))).toEqual(report.facts)
      expect(running.sim.calls.length).toBeGreaterThan(0)
      // A probe that is refused is no write: it tells what a key may do.
      expect(running.sim.calls.filter((call) => call.method !== 'GET' && call.status < 400)).toEqual([])
      for (const secret of secretsOf(running.credentials))
        expect(JSON.stringify(report)).not.toContain(secret)
    })

    it.each(subject.refused.map((entry) => [entry.name, entry] as const))(
      'names the cause of a connection that cannot work: %s',
      async (_, { credentials, finding, before }) => {
        const running = keep(await subject.start())
        before?.(running)
        const given = credentials(running)
        const session = keep(openSession(subject, running, { credentials: given }))
        const report = await session.run(connector.check)
        const found = report.findings.find((entry) => entry.id === finding)
        expect(found, JSON.stringify(report.findings)).toMatchObject({ state: 'failed', blocking: true })
        expect(found?.text).not.toBe('')
        expect(found?.remedy).not.toBe('')
        for (const secret of secretsOf(given)) expect(JSON.stringify(report)).not.toContain(secret)
      },
    )

    it('can be checked and prepared again without changing anything', async () => {
      const running = keep(await subject.start())
      const session = keep(await connect(subject, running))
      const before = session.context().facts
      const writes = () =>
        running.sim.calls.filter((call) => call.method !== 'GET' && call.status < 400).length
      const written = writes()
      session.learn((await session.run(connector.check)).facts)
      if (connector.prepare !== undefined) {
        const prepared = await session.run(connector.prepare)
        session.learn(prepared.facts)
        expect(prepared.findings.filter((finding) => finding.blocking)).toEqual([])
      }
      expect(session.context().facts).toEqual(before)
      expect(writes()).toBe(written)
    })
  })

  describe('failures', () => {
    const open = async () => {
      const running = keep(await subject.start())
      return { running, session: keep(await connect(subject, running)) }
    }
    const anyCall = () => ask(subject.anyCall, (reply) => reply.status)

    it.each(['4', 'date'])('keeps the wait a 429 asks for (%s)', async (wait) => {
      const { running, session } = await open()
      const header = wait === 'date' ? new Date(running.sim.clock.now() + 5_000).toUTCString() : wait
      running.sim.rules.add({
        name: 'busy',
        times: 1,
        action: { kind: 'status', status: 429, headers: { 'retry-after': header } },
      })
      expect(await session.run(anyCall)).toBe(200)
      expect(session.waits).toHaveLength(1)
      expect(session.waits[0]).toBeGreaterThanOrEqual(4_000)
    })

    it.each([500, 502, 503, 504])('gets over a passing %i', async (status) => {
      const { running, session } = await open()
      running.sim.rules.add({ name: 'down', times: 1, action: { kind: 'status', status } })
      const done = await session.run(anyCall).catch((error: unknown) => error)
      // A connector may ask for a pause too long to wait in a call; then the caller tries again.
      if (done instanceof ConnectorError) expect(done).toMatchObject({ kind: 'unavailable', ambiguous: true })
      expect(await session.run(anyCall)).toBe(200)
    })

    it('gets over a cut connection', async () => {
      const { running, session } = await open()
      running.sim.rules.add({ name: 'cut', times: 1, action: { kind: 'cut' } })
      expect(await session.run(anyCall)).toBe(200)
    })

    it.each([
      [401, 'unauthorized'],
      [403, 'forbidden'],
      [404, 'not_found'],
    ] as const)('reads a %i as %s, in words without secrets', async (status, kind) => {
      const { running, session } = await open()
      running.sim.rules.add({
        name: 'refused',
        action: { kind: 'status', status, body: subject.refusals[status] },
      })
      const error = await session.run(anyCall).catch((thrown: unknown) => thrown)
      expect(error).toBeInstanceOf(ConnectorError)
      expect(error).toMatchObject({ kind, status })
      for (const secret of secretsOf(running.credentials)) {
        expect((error as ConnectorError).publicMessage).not.toContain(secret)
      }
    })

    it('puts no secret into an address', async () => {
      const { running } = await open()
      for (const { url } of running.sim.calls) {
        for (const secret of secretsOf(running.credentials)) expect(url).not.toContain(secret)
      }
    })
  })
}

/** Every text of credentials that is long enough to be one; a public key id such as `ck_…` is none. */
export function secretsOf(credentials: unknown): string[] {
  if (typeof credentials === 'string')
    return credentials.length >= 12 && !credentials.startsWith('ck_') ? [credentials] : []
  if (typeof credentials !== 'object' || credentials === null) return []
  return Object.values(credentials).flatMap(secretsOf)
}
