/**
 * Builds the screens where their sources have moved: `npm run screens` for both faces, `node scripts/screens.ts console`
 * for one. What it says goes to the error output, since a service's log may stand beside it.
 */
import { setPriority } from 'node:os'
import { ensureBuilt, FACES } from './screens/build.ts'

// The service that starts beside it comes first.
setPriority(10)
const wanted = process.argv.slice(2)
try {
  for (const face of FACES.filter((name) => wanted.length === 0 || wanted.includes(name))) {
    await ensureBuilt(face, () => console.error(`Building the screens for ${face}; this can take a minute …`))
    if (wanted.length === 0) console.error(`The screens for ${face} are in wp-plugin/build/${face}.`)
  }
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
}
