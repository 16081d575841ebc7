import { mkdtempSync, rmSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readConfig } from '../config.ts'
import { createService, type CrosswalkService } from '../service.ts'
import { silentLog } from '../store/testing.ts'
import { getFlow } from '../store/flows.ts'
import { countLinks } from '../store/link-lists.ts'
import { listRuns } from '../store/runs.ts'
import { createWorkspace } from '../store/workspaces.ts'
import { createDemo } from './demo.ts'

const root = mkdtempSync(join(tmpdir(), 'crosswalk-demo-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))

const openService = async (): Promise<CrosswalkService> =>
  createService(readConfig({ DATA_DIR: join(root, 'data'), LOG_LEVEL: 'silent', PORT: '0' }), {
    log: silentLog,
  })
const demoOf = (service: CrosswalkService, simulators?: URL) =>
  createDemo({ service, allowHosts: service.allowHosts as string[], ...(simulators ? { simulators } : {}) })

async function until<T>(look: () => Promise<T>, fits: (value: T) => boolean): Promise<T> {
  const deadline = Date.now() + 45_000
  for (;;) {
    const value = await look()
    if (fits(value) || Date.now() > deadline) return value
    await new Promise((done) => setTimeout(done, 100))
  }
}

describe('the demo', { timeout: 90_000 }, () => {
  let service: CrosswalkService
  let workspaceId = ''
  beforeAll(async () => {
    service = await openService()
    workspaceId = (await createWorkspace(service.store.db, 'My business')).id
  })
  afterAll(() => service.stop())

  it('says so where the simulators are not part of the installation', async () => {
    const demo = demoOf(service, pathToFileURL(`${root}/nowhere/`))
    expect(await demo.state(workspaceId)).toMatchObject({
      state: 'off',
      text: expect.stringContaining('not part'),
    })
    expect(await demo.start(workspaceId)).toMatchObject({ state: 'off' })
  })

  it('tells why it could not be started, and closes what it opened', async () => {
    for (const name of ['woocommerce', 'hubspot']) {
      await mkdir(join(root, 'broken', name), { recursive: true })
      await writeFile(join(root, 'broken', name, 'run.ts'), `console.error('no such thing'); process.exit(3)`)
    }
    const demo = demoOf(service, pathToFileURL(`${join(root, 'broken')}/`))
    expect(await demo.start(workspaceId)).toMatchObject({ state: 'starting' })
    const failed = await until(() => demo.state(workspaceId), (now) => now.state !== 'starting') // prettier-ignore
    expect(failed.state).toBe('failed')
    expect(failed.text).toMatch(/^The demo could not be started\. A simulator ended right after its start\./)
    expect(service.allowHosts).toEqual([])
    await demo.stop()
  })

  it('connects a made-up shop and HubSpot, goes live and brings the recorded and generated orders over', async () => {
    await service.start()
    const demo = demoOf(service)
    const [first, second] = await Promise.all([demo.start(workspaceId), demo.start(workspaceId)])
    expect([first.state, second.state]).toEqual(['starting', 'starting'])
    const running = await until(() => demo.state(workspaceId), (now) => now.state !== 'starting') // prettier-ignore
    expect(running, running.text).toMatchObject({ state: 'running' })
    expect(running.connections).toHaveLength(2)
    expect(service.allowHosts).toHaveLength(2)
    expect(service.allowHosts.every((host) => /^127\.0\.0\.1:\d+$/.test(host))).toBe(true)
    expect(await demo.start(workspaceId)).toMatchObject({ state: 'running', flowId: running.flowId })

    const { db } = service.store
    const [run] = await until(() => listRuns(db, { workspaceId, limit: 10 }), ([one]) => one !== undefined && one.finished_at !== null) // prettier-ignore
    expect(run).toMatchObject({ kind: 'backfill', failed_count: 0 })
    expect(run?.done).toBeGreaterThanOrEqual(306)
    const links = Object.fromEntries((await countLinks(db, workspaceId)).map((one) => [one.state, one.count]))
    expect(links['linked']).toBeGreaterThan(260)
    // Unpaid and failed ones, by the demo's own rule.
    expect(links['skipped']).toBeGreaterThan(5)
    expect(links['failed'] ?? 0).toBe(0)

    await demo.stop()
    expect(service.allowHosts).toEqual([])
    expect(await getFlow(db, workspaceId, running.flowId as string)).toMatchObject({ state: 'paused' })
  })

  it('knows after a restart that its systems are gone, and begins anew', async () => {
    await service.stop()
    service = await openService()
    await service.start()
    const demo = demoOf(service)
    const stale = await demo.state(workspaceId)
    expect(stale).toMatchObject({ state: 'off', text: expect.stringContaining('ended with the service') })
    await demo.start(workspaceId)
    const running = await until(() => demo.state(workspaceId), (now) => now.state !== 'starting') // prettier-ignore
    expect(running.state, running.text).toBe('running')
    expect(running.connections).toHaveLength(2)
    expect(running.connections).not.toEqual(stale.connections)
    expect(running.flowId).not.toBe(stale.flowId)
    await demo.stop()
  })
})
