import { closeSync, fsyncSync, openSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { PGlite } from '@electric-sql/pglite'
import { syncDirectory } from './filesystem.ts'

/**
 * Program of the short child process that creates a cluster: initdb leaves 500–850 MB in the process that ran it.
 * `node create.ts <directory>`; the directory must not exist. Everything is synced before the process ends, so the
 * caller may rename the directory into place.
 */
function syncTree(directory: string): void {
  for (const entry of readdirSync(directory, { withFileTypes: true })) {
    const path = join(directory, entry.name)
    if (entry.isDirectory()) syncTree(path)
    else if (entry.isFile()) {
      const descriptor = openSync(path, 'r+')
      fsyncSync(descriptor)
      closeSync(descriptor)
    }
  }
  if (process.platform !== 'win32') syncDirectory(directory)
}

const directory = process.argv[2]
if (!directory) throw new Error('usage: node create.ts <directory>')
const pglite = await PGlite.create({ dataDir: directory })
await pglite.exec('select 1')
await pglite.close()
syncTree(directory)
