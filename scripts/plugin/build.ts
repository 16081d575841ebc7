import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { BUILD, ensureBuilt } from '../screens/build.ts'
import { ROOT } from '../screens/sources.ts'
import { zipOf } from './zip.ts'

/** The PHP side, as it is developed. */
export const PLUGIN_SOURCE = join(ROOT, 'wp-plugin/plugin')
/** The name of its folder in WordPress. */
export const SLUG = 'crosswalk'
/** Not for installations. */
const LEFT_OUT = new Set(['sources.sha256'])

/** Files below a folder, by their path in it, sorted. */
export function filesBelow(folder: string, under = ''): string[] {
  return readdirSync(join(folder, under))
    .sort()
    .flatMap((name) => {
      const path = under === '' ? name : `${under}/${name}`
      return statSync(join(folder, path)).isDirectory() ? filesBelow(folder, path) : [path]
    })
}

/** Builds the screens and puts the plugin together anew. @returns where it lies, as a folder and as an archive */
export async function buildPlugin(): Promise<{ folder: string; archive: string }> {
  await ensureBuilt('wp-admin', () => console.error('Building the screens; this can take a minute …'))
  const folder = join(BUILD, 'plugin', SLUG)
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  cpSync(PLUGIN_SOURCE, folder, { recursive: true })
  cpSync(join(BUILD, 'wp-admin'), join(folder, 'build'), {
    recursive: true,
    filter: (path) => !LEFT_OUT.has(path.split('/').at(-1) ?? ''),
  })
  cpSync(join(ROOT, 'LICENSE'), join(folder, 'LICENSE'))
  const archive = join(BUILD, `${SLUG}.zip`)
  const files = filesBelow(folder).map(
    (path) => [`${SLUG}/${path}`, readFileSync(join(folder, path))] as const,
  )
  writeFileSync(archive, zipOf(new Map(files)))
  return { folder, archive }
}
