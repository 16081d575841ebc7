/**
 * `npm start`: the service at once, and beside it the build of its console where the sources have moved. Until that is
 * there, the service shows a page that says so. A service without its console still does all its work.
 */
import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const screens = fileURLToPath(new URL('./screens.ts', import.meta.url))
spawn(process.execPath, [screens, 'console'], { stdio: ['ignore', 'ignore', 'inherit'] }).unref()
await import('../bridge-service/src/start.mjs')
