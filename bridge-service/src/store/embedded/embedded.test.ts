import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Logger } from 'pino'
import { afterAll, describe, expect, it, vi } from 'vitest'
import { type EmbeddedStore, openStore } from '../database.ts'
import { silentLog } from '../testing.ts'
import { DataDirectoryInUse, lockDataDirectory } from './lock.ts'
import { testSync } from './open.ts'

const root = mkdtempSync(join(tmpdir(), 'crosswalk-embedded-'))
const dataDir = join(root, 'data')
const program = (name: string) => fileURLToPath(new URL(`../testing/${name}.ts`, import.meta.url))

afterAll(() => rmSync(root, { recursive: true, force: true }))

function start(name: string, argument: string): ChildProcess {
  return spawn(process.execPath, ['--no-warnings', program(name), argument], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
}

async function firstLine(child: ChildProcess): Promise<string> {
  let text = ''
  for await (const chunk of child.stdout ?? []) {
    text += String(chunk)
    if (text.includes('\n')) break
  }
  return text.split('\n')[0] ?? ''
}

const ended = (child: ChildProcess) => new Promise<number | null>((resolve) => child.once('exit', resolve))
const open = async () => (await openStore({ dataDir, log: silentLog })) as EmbeddedStore

describe('embedded store', () => {
  it('remedy 2: syncs once per commit, and not at all for a read', async () => {
    const store = await open()
    const before = store.syncs()
    for (let index = 0; index < 50; index += 1) {
      await store.raw(`insert into workspace (id, name) values ($1, '0')`, [`sync${index}`])
    }
    expect(store.syncs() - before).toBe(50)
    await store.raw('select count(*) from workspace')
    expect(store.syncs() - before).toBe(50)
    expect(await store.raw(`select current_setting('shared_buffers') as size`)).toEqual([{ size: '16MB' }])
    await store.close()
    expect(existsSync(join(dataDir, 'lock'))).toBe(false)
  }, 60_000)

  it('remedy 1: refuses a second process, names the first, and opens when that one has gone', async () => {
    const owner = start('opener', JSON.stringify({ dataDir }))
    expect(await firstLine(owner)).toBe('open')
    await expect(open()).rejects.toThrow(DataDirectoryInUse)
    await expect(open()).rejects.toThrow(new RegExp(`in use by process ${owner.pid} .*DATABASE_URL`))
    const second = start('opener', JSON.stringify({ dataDir }))
    expect(await firstLine(second)).toContain(`in use by process ${owner.pid}`)
    owner.stdin?.end()
    expect(await ended(owner)).toBe(0)
    await (await open()).close()
  }, 60_000)

  it('remedy 2: warns at its start where a write is not synced', async () => {
    const files = { syncs: 0 }
    const said: string[] = []
    const log = { warn: (text: string) => said.push(text) } as unknown as Logger
    await testSync({ exec: async () => [] }, files, log)
    expect(said).toEqual([expect.stringMatching(/does not sync .* DATABASE_URL/)])
    await testSync({ exec: async () => ((files.syncs += 1), []) }, files, log)
    expect(said).toHaveLength(1)
  })

  it.runIf(existsSync('/proc/self/task'))(
    'remedy 5: lets another process make its directory, for who makes it keeps hundreds of MiB',
    async () => {
      const fresh = join(root, 'fresh')
      const owner = start('opener', JSON.stringify({ dataDir: fresh }))
      const children = () => readFileSync(`/proc/${owner.pid}/task/${owner.pid}/children`, 'utf8').trim()
      const maker = await vi.waitUntil(() => children(), { timeout: 30_000, interval: 10 })
      await vi.waitUntil(() => readFileSync(`/proc/${maker}/cmdline`, 'utf8').includes('create.ts'))
      expect(existsSync(join(fresh, 'pg'))).toBe(false)
      expect(await firstLine(owner)).toBe('open')
      expect(children()).toBe('')
      owner.stdin?.end()
      expect(await ended(owner)).toBe(0)
    },
    60_000,
  )

  it('loses no acknowledged row and tears no transaction when it is killed', async () => {
    let acknowledged = 0
    for (let cycle = 0; cycle < 4; cycle += 1) {
      const writer = start('writer', dataDir)
      let rest = ''
      await new Promise<void>((resolve) => {
        const killAfter = acknowledged + 20 + cycle * 37
        writer.stdout?.on('data', (chunk: Buffer) => {
          const lines = (rest + chunk.toString()).split('\n')
          rest = lines.pop() ?? ''
          acknowledged = Number(lines.at(-1) ?? acknowledged)
          if (acknowledged >= killAfter) writer.kill('SIGKILL')
        })
        writer.once('close', () => resolve())
      })
      const store = await open()
      const rows = await store.raw<{ n: number; count: number }>(
        `select name::int as n, count(*) as count from workspace where name <> '0' group by 1 order by 1`,
      )
      expect(rows.length).toBeGreaterThanOrEqual(acknowledged)
      expect(rows.filter((row, index) => row.n !== index + 1 || row.count !== 2)).toEqual([])
      await store.close()
    }
    expect(acknowledged).toBeGreaterThan(100)
  }, 120_000)
})

describe('data directory lock', () => {
  const path = join(root, 'only-lock')
  const stale = (nonce: string, more: object = {}) => {
    const owner = JSON.parse(readFileSync(path, 'utf8')) as object
    return JSON.stringify({ ...owner, nonce, ...more })
  }

  it('is not taken by a reused process id, and is released by its owner alone', async () => {
    const first = await lockDataDirectory(path)
    await expect(lockDataDirectory(path)).rejects.toThrow(DataDirectoryInUse)
    writeFileSync(path, stale('reused', { started: '1' }))
    const second = await lockDataDirectory(path)
    first.release()
    expect(existsSync(path)).toBe(true)
    second.release()
    expect(existsSync(path)).toBe(false)
  })

  it('lets one of many take a stale lock over', async () => {
    const owner = await lockDataDirectory(path)
    const left = stale('left', { pid: 2 ** 22 + 5 })
    owner.release()
    for (let round = 0; round < 20; round += 1) {
      writeFileSync(path, left)
      const answers = await Promise.allSettled(Array.from({ length: 6 }, () => lockDataDirectory(path)))
      const winners = answers.filter((answer) => answer.status === 'fulfilled')
      expect(winners).toHaveLength(1)
      winners[0]?.value.release()
      expect(readdirSync(root).filter((name) => name.startsWith('only-lock'))).toEqual([])
    }
  })

  it('believes another machine’s lock while it is touched, and takes it when it is not', async () => {
    const owner = await lockDataDirectory(path)
    const nonce = (JSON.parse(readFileSync(path, 'utf8')) as { nonce: string }).nonce
    writeFileSync(path, stale(nonce, { place: 'another machine' }))
    await expect(lockDataDirectory(path)).rejects.toThrow(DataDirectoryInUse)
    owner.release()
    const left = JSON.stringify({ pid: 1, started: '1', place: 'another machine', nonce: 'left' })
    writeFileSync(path, left)
    const before = Date.now()
    const taken = await lockDataDirectory(path)
    expect(Date.now() - before).toBeGreaterThan(10_000)
    taken.release()
  }, 30_000)
})
