// Preloaded into a service under test: its clock, the embedded store's among it, is off by the milliseconds that a test
// writes to a file. Timers run on as they do when a machine's clock is set.
import { Buffer } from 'node:buffer'
import { openSync, readSync } from 'node:fs'

const Real = Date
const file = openSync(process.env.TEST_CLOCK_FILE, 'r')
const text = Buffer.alloc(24)
const now = () => Real.now() + Number(text.toString('latin1', 0, readSync(file, text, 0, 24, 0)))

globalThis.Date = class Date extends Real {
  constructor(...given) {
    if (given.length === 0) super(now())
    else super(...given)
  }
  static now() {
    return now()
  }
  static [Symbol.hasInstance](value) {
    return value instanceof Real
  }
}
