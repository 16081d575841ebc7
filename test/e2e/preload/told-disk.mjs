// Preloaded into a service under test: the disk has as many bytes free as a file says that a test writes.
import fs from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'

const file = process.env.TEST_FREE_BYTES_FILE
fs.statfsSync = () => ({ blocks: 1, bsize: 1, bavail: Number(fs.readFileSync(file, 'utf8')) })
syncBuiltinESMExports()
