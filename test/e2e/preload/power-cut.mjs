// Preloaded into a service under test: notes what a power failure would take from the files under TEST_POWER_ROOT, in the
// folder TEST_POWER_NOTES. Per file, the writes since it was last synced with what stood there before; and files made,
// renamed or removed in directories that were not synced since. `power-cut.ts` reads it.
import { Buffer } from 'node:buffer'
import fs from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'
import { dirname, join } from 'node:path'

const root = process.env.TEST_POWER_ROOT
const notes = process.env.TEST_POWER_NOTES
const real = { ...fs }
/** By descriptor. */
const opened = new Map()
/** By inode: descriptor of the file of its notes, and how much is in it. */
const journals = new Map()
let moves = []
let kept = 0

real.rmSync(notes, { recursive: true, force: true })
real.mkdirSync(notes, { recursive: true })

const isOurs = (path) => String(path) === root || String(path).startsWith(`${root}/`)

function noteMoves(now) {
  moves = now
  real.writeFileSync(join(notes, 'moves.new'), JSON.stringify(moves))
  real.renameSync(join(notes, 'moves.new'), join(notes, 'moves.json'))
}

/** `fresh` is null where the file is cut off at `at`. */
function noteWrite(path, ino, at, length, fresh) {
  const reader = real.openSync(path, 'r')
  const { size } = real.fstatSync(reader)
  const before = Buffer.alloc(Math.max(0, Math.min(size - at, length)))
  if (before.length > 0) real.readSync(reader, before, 0, before.length, at)
  real.closeSync(reader)
  const head = Buffer.alloc(32)
  for (const [i, value] of [at, size, before.length, fresh ? fresh.length : -1].entries())
    head.writeDoubleLE(value, i * 8)
  if (!journals.has(ino)) journals.set(ino, real.openSync(join(notes, String(ino)), 'w'))
  const journal = journals.get(ino)
  real.writeSync(journal, Buffer.concat([head, before, fresh ?? Buffer.alloc(0)]))
}

function forget(ino) {
  const journal = journals.get(ino)
  if (journal === undefined) return
  real.closeSync(journal)
  real.rmSync(join(notes, String(ino)))
  journals.delete(ino)
}

function noteMade(path) {
  noteMoves([...moves, { what: 'made', path, ino: real.statSync(path).ino }])
}

fs.openSync = (path, ...rest) => {
  const ours = isOurs(path)
  const news = ours && !real.existsSync(path)
  const descriptor = real.openSync(path, ...rest)
  if (ours) opened.set(descriptor, String(path))
  if (news) noteMade(String(path))
  return descriptor
}
fs.closeSync = (descriptor) => {
  opened.delete(descriptor)
  real.closeSync(descriptor)
}
fs.writeFileSync = (path, ...rest) => {
  const news = isOurs(path) && !real.existsSync(path)
  real.writeFileSync(path, ...rest)
  if (news) noteMade(String(path))
}
fs.writeSync = (descriptor, bytes, offset, length, position) => {
  if (opened.has(descriptor)) {
    const fresh = Buffer.from(bytes.buffer, bytes.byteOffset + offset, length)
    noteWrite(`/proc/self/fd/${descriptor}`, real.fstatSync(descriptor).ino, position, length, fresh)
  }
  return real.writeSync(descriptor, bytes, offset, length, position)
}
fs.ftruncateSync = (descriptor, length = 0) => {
  if (opened.has(descriptor))
    noteWrite(`/proc/self/fd/${descriptor}`, real.fstatSync(descriptor).ino, length, Infinity, null)
  real.ftruncateSync(descriptor, length)
}
fs.truncateSync = (path, length = 0) => {
  if (isOurs(path)) noteWrite(path, real.statSync(path).ino, length, Infinity, null)
  real.truncateSync(path, length)
}
fs.renameSync = (from, to) => {
  real.renameSync(from, to)
  if (isOurs(from) || isOurs(to))
    noteMoves([...moves, { what: 'renamed', from: String(from), path: String(to) }])
}
fs.unlinkSync = (path) => {
  if (!isOurs(path)) return real.unlinkSync(path)
  const copy = join(notes, `kept-${(kept += 1)}`)
  real.linkSync(path, copy)
  real.unlinkSync(path)
  noteMoves([...moves, { what: 'removed', path: String(path), copy }])
}

function synced(descriptor) {
  const path = opened.get(descriptor)
  if (path === undefined) return
  const { ino } = real.fstatSync(descriptor)
  const done = (move) =>
    move.what === 'made' ? move.ino === ino || dirname(move.path) === path : dirname(move.path) === path
  const lasting = moves.filter(done)
  if (lasting.length > 0) noteMoves(moves.filter((move) => !done(move)))
  for (const { copy } of lasting) {
    if (copy === undefined) continue
    forget(real.statSync(copy).ino)
    real.unlinkSync(copy)
  }
  forget(ino)
}
for (const name of ['fsyncSync', 'fdatasyncSync']) {
  fs[name] = (descriptor) => {
    real[name](descriptor)
    synced(descriptor)
  }
}
syncBuiltinESMExports()
