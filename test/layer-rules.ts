import { posix } from 'node:path'
import type { SourceFile } from './source-tree.ts'

/** A file that breaks a rule of the repository's layers. */
export interface Violation {
  file: string
  rule: string
}

/** Which workspace may import which others. `scripts` holds the repository's own commands. */
const ARROWS: Record<string, readonly string[]> = {
  shared: [],
  connectors: ['shared'],
  'bridge-service': ['shared', 'connectors'],
  'wp-plugin': ['shared'],
  'hubspot-app': ['shared'],
  test: ['shared', 'connectors', 'bridge-service', 'wp-plugin', 'hubspot-app', 'scripts'],
  scripts: ['shared', 'connectors', 'bridge-service', 'test'],
}

const ENGINE_FILE = 'bridge-service/src/jobs/engine.ts'
const SCREENS = 'wp-plugin/src/screens/'
const CONFIG_FILE = 'bridge-service/src/config.ts'

/** Ways to the network that a connector leaves to the SDK. */
const HTTP_MODULES = /^(?:(?:node:)?(?:https?|http2|net|tls)|undici|axios|got|node-fetch)(?:\/|$)/

/** All broken rules of one file. */
export function violationsOf(file: SourceFile): Violation[] {
  const broken = [...file.imports.flatMap((name) => importRules(file, name)), ...usageRules(file)]
  return broken.map((rule) => ({ file: file.path, rule }))
}

function importRules(file: SourceFile, name: string): string[] {
  const broken: string[] = []
  const from = workspaceOf(file.path)
  const target = targetOf(file.path, name)
  const to = target === undefined ? undefined : workspaceOf(target)
  // What tests need of the machine is asked in one place, also by those beside the code.
  if (to === 'scripts' && (isTest(file.path) || file.path.endsWith('/testing.ts'))) return []
  if (from !== undefined && to !== undefined && from !== to && !ARROWS[from]?.includes(to)) {
    broken.push(`${from} may import ${ARROWS[from]?.join(', ') || 'no other workspace'}; it imports ${name}`)
  }
  if (from !== to && to !== undefined && name.startsWith('.') && from !== 'test' && from !== 'scripts') {
    broken.push(`another workspace is imported by its package name, not by a path: ${name}`)
  }
  if (/^pg-boss(?:\/|$)/.test(name) && file.path !== ENGINE_FILE) {
    broken.push(`only ${ENGINE_FILE} knows pg-boss`)
  }
  return [...broken, ...screenRules(file, target), ...connectorRules(file, name, target)]
}

/** The screens are the same on every face: a face gives them its addresses and its way to the bridge. */
function screenRules(file: SourceFile, target: string | undefined): string[] {
  if (!file.path.startsWith(SCREENS) || isTest(file.path) || target === undefined) return []
  return target.startsWith('wp-plugin/src/') && !target.startsWith(SCREENS)
    ? [`${SCREENS} knows no face; it imports ${target}`]
    : []
}

/** Inside `connectors/src`: a system's folder sees the SDK, itself, and the folder of its vendor's family. */
function connectorRules(file: SourceFile, name: string, target: string | undefined): string[] {
  const folder = connectorFolder(file.path)
  if (folder === undefined) return []
  if (folder !== 'sdk' && !isTest(file.path) && HTTP_MODULES.test(name)) {
    return [`a connector leaves HTTP to the SDK; it imports ${name}`]
  }
  if (target === undefined || !target.startsWith('connectors/')) return []
  const other = connectorFolder(target)
  // `ccv-shop` and `ccv-salespos` share what their vendor's systems have in common in `ccv`.
  const family = folder.includes('-') ? folder.slice(0, folder.indexOf('-')) : folder
  const allowed = new Set(folder === 'sdk' ? ['sdk'] : ['sdk', folder, family])
  return other !== undefined && allowed.has(other)
    ? []
    : [`connectors/src/${folder} may import ${[...allowed].join(', ')}; it imports ${name}`]
}

function usageRules(file: SourceFile): string[] {
  const broken: string[] = []
  const isTool = /^(?:test|scripts)\//.test(file.path) || !file.path.includes('/')
  if (file.readsEnvironment && file.path !== CONFIG_FILE && !isTool && !isTest(file.path)) {
    broken.push(`only ${CONFIG_FILE} reads process.env`)
  }
  const folder = connectorFolder(file.path)
  if (file.callsFetch && folder !== undefined && folder !== 'sdk' && !isTest(file.path)) {
    broken.push('a connector leaves HTTP to the SDK; it calls fetch')
  }
  if (file.callsFetch && file.path.startsWith(SCREENS) && !isTest(file.path)) {
    broken.push('a screen asks through the client of the contract; it calls fetch')
  }
  return broken
}

/** What an import leads to, as a path in the repository; undefined for packages and built-in modules. */
function targetOf(path: string, name: string): string | undefined {
  if (name.startsWith('.')) return posix.join(posix.dirname(path), name)
  const own = /^@crosswalk\/([^/]+)(?:\/(.*))?$/.exec(name)
  if (own === null) return undefined
  return own[2] === undefined ? `${own[1]}/src/index.ts` : `${own[1]}/src/${own[2]}/index.ts`
}

function workspaceOf(path: string): string | undefined {
  const top = path.split('/')[0] ?? ''
  return top in ARROWS ? top : undefined
}

/** `woocommerce` for `connectors/src/woocommerce/orders.ts`; undefined for files beside the folders. */
function connectorFolder(path: string): string | undefined {
  return /^connectors\/src\/([^/]+)\//.exec(path)?.[1]
}

function isTest(path: string): boolean {
  return /\.test\.tsx?$/.test(path)
}
