import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const ROOT = fileURLToPath(new URL('../..', import.meta.url))

/** Whatever the built screens come from. */
const SOURCES = [
  'wp-plugin/src',
  'wp-plugin/webpack.config.cjs',
  'wp-plugin/package.json',
  'shared/src',
  'shared/package.json',
  'package-lock.json',
]
const NOT_BUILT = /\.test\.tsx?$|\/testing\//

/** Names a state of the sources: another hash, another build. Hex. */
export function hashOfSources(root = ROOT): string {
  const hash = createHash('sha256')
  for (const path of SOURCES.flatMap((source) => filesOf(root, source))) {
    hash
      .update(`${path}\0`)
      .update(readFileSync(join(root, path)))
      .update('\0')
  }
  return hash.digest('hex')
}

/** Files below a path, sorted; the path itself where it is a file. */
function filesOf(root: string, path: string): string[] {
  const entries = listed(join(root, path))
  if (entries === null) return [path]
  return entries
    .map((entry) => `${path}/${entry}`)
    .flatMap((inner) => filesOf(root, inner))
    .filter((inner) => !NOT_BUILT.test(inner))
}

/** Null for what is no folder. */
function listed(path: string): string[] | null {
  try {
    return readdirSync(path).sort()
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOTDIR') return null
    throw error
  }
}
