/**
 * Puts the installable plugin together: `npm run plugin` builds the screens where their sources have moved, and leaves the
 * folder wp-plugin/build/plugin/crosswalk and the archive wp-plugin/build/crosswalk.zip.
 */
import { fileURLToPath } from 'node:url'
import { buildPlugin } from './plugin/build.ts'

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { folder, archive } = await buildPlugin()
  console.error(`The plugin is in ${folder} and ${archive}.`)
}
