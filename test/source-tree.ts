import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import ts from 'typescript'

/** What the guards of this folder look at in one source file. */
export interface SourceFile {
  /** Relative to the repository, with forward slashes. */
  path: string
  /** Module names as written, in imports of any kind: static, type-only, dynamic, re-exports, `require`. */
  imports: string[]
  /** Whether it reads `process.env`, by whatever way of naming it. */
  readsEnvironment: boolean
  /** Whether it calls the global `fetch`. */
  callsFetch: boolean
}

export const ROOT = join(import.meta.dirname, '..')

const SOURCE = /\.(?:[cm]?ts|tsx)$/

/** Folders that hold nothing of ours; looked at only where git cannot say what is tracked. */
const NOT_OURS = new Set(['node_modules', '.git', '.crosswalk', 'coverage', 'tmp', 'build', 'dist'])

/** Every tracked or new file of the repository, ignored ones left out; also where git is absent (an unpacked archive). */
export function listFiles(): string[] {
  try {
    const output = execFileSync(
      'git',
      ['-c', 'safe.directory=*', 'ls-files', '-z', '--cached', '--others', '--exclude-standard'],
      { cwd: ROOT, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024, stdio: ['ignore', 'pipe', 'ignore'] },
    )
    return output.split('\0').filter((path) => path !== '')
  } catch {
    return walk('')
  }
}

function walk(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`
    if (entry.isDirectory()) return NOT_OURS.has(entry.name) ? [] : walk(path)
    return [path]
  })
}

/** Text of a file, or undefined where it has just been deleted. */
export function readText(path: string): string | undefined {
  try {
    return readFileSync(join(ROOT, path), 'utf8')
  } catch {
    return undefined
  }
}

/** All TypeScript of the repository, recorded fixtures left out. */
export function readSources(): SourceFile[] {
  return listFiles()
    .filter((path) => SOURCE.test(path) && !path.startsWith('test/fixtures/'))
    .flatMap((path) => {
      const text = readText(path)
      return text === undefined ? [] : [parseSource(path, text)]
    })
}

/** @param path relative to the repository */
export function parseSource(path: string, text: string): SourceFile {
  const tree = ts.createSourceFile(path, text, ts.ScriptTarget.Latest)
  const file: SourceFile = { path, imports: [], readsEnvironment: false, callsFetch: false }
  const visit = (node: ts.Node): void => {
    const imported = importedModule(node)
    if (imported !== undefined) file.imports.push(imported)
    if (readsEnvironment(node)) file.readsEnvironment = true
    if (ts.isCallExpression(node) && isFetch(node.expression)) file.callsFetch = true
    ts.forEachChild(node, visit)
  }
  visit(tree)
  return file
}

function importedModule(node: ts.Node): string | undefined {
  if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) return literal(node.moduleSpecifier)
  if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) return literal(node.argument.literal)
  if (!ts.isCallExpression(node)) return undefined
  const isImport = node.expression.kind === ts.SyntaxKind.ImportKeyword || isNamed(node.expression, 'require')
  return isImport ? literal(node.arguments[0]) : undefined
}

function literal(node: ts.Node | undefined): string | undefined {
  return node !== undefined && ts.isStringLiteralLike(node) ? node.text : undefined
}

/** `process.env`, `process['env']`, `const { env } = process`, `import { env } from 'node:process'`. */
function readsEnvironment(node: ts.Node): boolean {
  if (ts.isPropertyAccessExpression(node)) return isProcess(node.expression) && node.name.text === 'env'
  if (ts.isElementAccessExpression(node)) {
    return isProcess(node.expression) && literal(node.argumentExpression) === 'env'
  }
  if (ts.isVariableDeclaration(node) && ts.isObjectBindingPattern(node.name)) {
    const names = node.name.elements.map((element) => element.propertyName ?? element.name)
    return (
      node.initializer !== undefined &&
      isProcess(node.initializer) &&
      names.some((name) => isNamed(name, 'env'))
    )
  }
  if (ts.isImportDeclaration(node) && /^(?:node:)?process$/.test(literal(node.moduleSpecifier) ?? '')) {
    const bindings = node.importClause?.namedBindings
    if (bindings === undefined || !ts.isNamedImports(bindings)) return false
    return bindings.elements.some((element) => isNamed(element.propertyName ?? element.name, 'env'))
  }
  return false
}

function isFetch(node: ts.Expression): boolean {
  if (isNamed(node, 'fetch')) return true
  return (
    ts.isPropertyAccessExpression(node) &&
    isNamed(node.expression, 'globalThis') &&
    node.name.text === 'fetch'
  )
}

function isProcess(node: ts.Expression): boolean {
  if (isNamed(node, 'process')) return true
  return (
    ts.isPropertyAccessExpression(node) &&
    isNamed(node.expression, 'globalThis') &&
    node.name.text === 'process'
  )
}

function isNamed(node: ts.Node, name: string): boolean {
  return ts.isIdentifier(node) && node.text === name
}
