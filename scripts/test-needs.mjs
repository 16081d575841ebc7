import { execFile } from 'node:child_process'
import { accessSync, constants } from 'node:fs'
import { promisify } from 'node:util'
import { prepareCore } from './wordpress-core.mjs'

/**
 * What some groups of tests need from the machine. Each probe answers
 * `{ ok: true, value }` (a connection string, the path of a program) or `{ ok: false, reason }`;
 * `remedy` is the system package that brings it.
 */
export const needs = {
  postgres: {
    title: 'PostgreSQL',
    remedy: 'apt-get install postgresql, or name another server in TEST_DATABASE_URL',
    probe: probePostgres,
  },
  chromium: {
    title: 'Chromium',
    remedy: 'apt-get install chromium, or name another browser in CHROMIUM_PATH',
    probe: probeChromium,
  },
  php: {
    title: 'PHP',
    remedy: 'apt-get install php-cli php-sqlite3 php-xml php-mbstring php-curl php-gd php-intl php-zip',
    probe: probePhp,
  },
  wordpress: {
    title: 'WordPress',
    remedy:
      'it is downloaded with apt-get and npm, so both must reach their registries; run apt-get update once',
    probe: probeWordpress,
  },
}

/** True on build servers, where a test that cannot run is a failure rather than a skip. */
export function needsAreMandatory() {
  return process.env.CI === 'true'
}

/** One line for people: what is missing, why, and how to get it. */
export function describeMissing(name, reason) {
  const { title, remedy } = needs[name]
  return `${title} is missing (${reason}): ${remedy}`
}

/**
 * For tests: `const postgres = await findNeed('postgres')`, then `describe.skipIf(!postgres.ok)`.
 * Throws where CI=true and the thing is missing, so that nothing is skipped there.
 */
export async function findNeed(name) {
  const found = await needs[name].probe()
  if (!found.ok && needsAreMandatory()) throw new Error(describeMissing(name, found.reason))
  return found
}

async function probePostgres() {
  const url = process.env.TEST_DATABASE_URL || 'postgres://postgres@127.0.0.1:5432/test'
  const { default: pg } = await import('pg')
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 3000 })
  // A connection that breaks after the answer is no concern of the probe.
  client.on('error', () => {})
  try {
    await client.connect()
    await client.query('select 1')
    return { ok: true, value: url }
  } catch (error) {
    return { ok: false, reason: error.message || error.code || 'no answer' }
  } finally {
    await client.end().catch(() => {})
  }
}

async function probeChromium() {
  const candidates = process.env.CHROMIUM_PATH
    ? [process.env.CHROMIUM_PATH]
    : ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']
  const path = candidates.find(isExecutable)
  return path ? { ok: true, value: path } : { ok: false, reason: `no program at ${candidates.join(', ')}` }
}

const PHP_PARTS = ['pdo_sqlite', 'dom', 'mbstring', 'curl', 'gd', 'intl', 'zip', 'sodium', 'xml']

async function probePhp() {
  try {
    const { stdout } = await promisify(execFile)('php', ['-m'])
    const has = new Set(stdout.toLowerCase().split('\n'))
    const missing = PHP_PARTS.filter((name) => !has.has(name))
    return missing.length === 0
      ? { ok: true, value: 'php' }
      : { ok: false, reason: `without ${missing.join(', ')}` }
  } catch {
    return { ok: false, reason: 'no program php' }
  }
}

/** Its value is the folder of a WordPress. The first time, it is downloaded. */
async function probeWordpress() {
  try {
    return { ok: true, value: await prepareCore() }
  } catch (error) {
    return {
      ok: false,
      reason: String(error.stderr || error.message)
        .trim()
        .split('\n')
        .at(-1),
    }
  }
}

function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}
