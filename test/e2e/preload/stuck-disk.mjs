// Preloaded into a service under test: the disk takes nothing for as long as a file is there that a test makes.
import fs from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'

const file = process.env.TEST_STUCK_FILE
const { fdatasyncSync } = fs
const turn = new Int32Array(new SharedArrayBuffer(4))
fs.fdatasyncSync = (descriptor) => {
  while (fs.existsSync(file)) Atomics.wait(turn, 0, 0, 20)
  fdatasyncSync(descriptor)
}
syncBuiltinESMExports()
