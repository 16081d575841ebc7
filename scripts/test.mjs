/**
 * The whole suite: `npm test`, or some groups of it: `npm test -- unit cross`.
 * The last line is `N passed, N failed`, over all tests; format, lint and types count as one test each.
 */
import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describeMissing, needs, needsAreMandatory } from './test-needs.mjs'
import { countReport, failuresOf } from './test-report.mjs'

const ROOT = fileURLToPath(new URL('..', import.meta.url))

/** Above this a group hangs rather than works. */
const GROUP_LIMIT_MS = 45 * 60_000

const CHECKS = {
  format: ['prettier/bin/prettier.cjs', '--check', '.'],
  lint: ['eslint/bin/eslint.js', '.'],
  types: ['typescript/bin/tsc', '--noEmit', '-p', 'tsconfig.json'],
  'types of the screens': ['typescript/bin/tsc', '--noEmit', '-p', 'wp-plugin'],
}

const GROUPS = {
  check: { needs: [], run: runChecks },
  unit: { needs: [], run: () => runVitest('unit', 'screens') },
  cross: { needs: ['postgres'], run: () => runVitest('cross') },
  wordpress: { needs: ['php', 'wordpress', 'chromium'], run: () => runVitest('wordpress') },
  e2e: { needs: ['postgres', 'chromium'], run: () => runVitest('e2e', 'alone') },
}

/** Runs a tool of node_modules on this very Node; answers its exit code and, where captured, its output. */
function runTool([script, ...args], { capture, env = {} }) {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [join(ROOT, 'node_modules', script), ...args], {
      cwd: ROOT,
      env: { ...process.env, ...env },
      stdio: capture ? ['ignore', 'pipe', 'pipe'] : ['ignore', 'inherit', 'inherit'],
      timeout: GROUP_LIMIT_MS,
      killSignal: 'SIGKILL',
    })
    let output = ''
    const collect = (chunk) => (output += chunk)
    child.stdout?.setEncoding('utf8').on('data', collect)
    child.stderr?.setEncoding('utf8').on('data', collect)
    child.on('error', (error) => resolve({ code: 1, output: error.message }))
    child.on('close', (code, signal) => {
      if (signal) output += `\nstopped by ${signal}`
      resolve({ code: code ?? 1, output })
    })
  })
}

async function runChecks() {
  const sums = { passed: 0, failed: 0, skipped: 0, notes: [] }
  await Promise.all(
    Object.entries(CHECKS).map(async ([name, tool]) => {
      const { code, output } = await runTool(tool, { capture: true })
      if (code === 0) sums.passed += 1
      else {
        sums.failed += 1
        sums.notes.push(`failed: ${name}`)
      }
      console.log(code === 0 ? `${name}: ok` : `${name}: FAILED\n${output.trim()}`)
    }),
  )
  return sums
}

async function runVitest(...projects) {
  const folder = mkdtempSync(join(tmpdir(), 'crosswalk-test-'))
  const file = join(folder, 'report.json')
  const tries = join(folder, 'tries.txt')
  try {
    const reporters = ['default', 'json', './scripts/test-tries.mjs'].map((name) => `--reporter=${name}`)
    const { code } = await runTool(
      [
        ...['vitest/vitest.mjs', 'run', '--passWithNoTests'],
        ...projects.flatMap((project) => ['--project', project]),
        ...[...reporters, `--outputFile.json=${file}`],
      ],
      { capture: false, env: { TEST_TRIES: tries } },
    )
    const report = readReport(file)
    const again = existsSync(tries) ? readFileSync(tries, 'utf8').trim().split('\n') : []
    const notes = [
      ...failuresOf(report).map((line) => line.replace(ROOT, '')),
      ...again.map((name) => `passed at the second try: ${name}`),
    ]
    return { ...countReport(report, code), notes }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Undefined where the run ended before it could write one. */
function readReport(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch {
    return undefined
  }
}

/** Says what the machine lacks; answers how many failures that is. */
async function reportMissing(group, names) {
  let missing = 0
  for (const name of names) {
    const found = await needs[name].probe()
    if (found.ok) continue
    missing += 1
    const outcome = needsAreMandatory() ? 'a failure, as CI=true' : 'the tests that need it are skipped'
    console.log(`${group}: ${describeMissing(name, found.reason)} — ${outcome}`)
  }
  return needsAreMandatory() ? missing : 0
}

async function main(wanted) {
  const unknown = wanted.filter((name) => !(name in GROUPS))
  if (unknown.length > 0) {
    console.error(`No such group: ${unknown.join(', ')}. There are: ${Object.keys(GROUPS).join(', ')}.`)
    return 2
  }
  const total = { passed: 0, failed: 0 }
  const lines = []
  const said = []
  for (const [name, group] of Object.entries(GROUPS)) {
    if (wanted.length > 0 && !wanted.includes(name)) continue
    console.log(`\n== ${name}`)
    const missing = await reportMissing(name, group.needs)
    const { passed, failed, skipped, notes } = await group.run()
    const line = `${name}: ${passed} passed, ${failed + missing} failed, ${skipped} skipped`
    console.log(line)
    lines.push(line)
    said.push(...notes.map((note) => `${name}: ${note}`))
    total.passed += passed
    total.failed += failed + missing
  }
  if (total.passed + total.failed === 0) console.error('No test ran.')
  console.log(`\n== all\n${[...said, ...lines].join('\n')}\n${total.passed} passed, ${total.failed} failed`)
  return total.failed === 0 && total.passed > 0 ? 0 : 1
}

process.exitCode = await main(process.argv.slice(2))
