import type { PGlite } from '@electric-sql/pglite'

/** The embedded database gave up: its log could not be written. What was acknowledged is safe; it must be opened anew. */
export class StoreBroken extends Error {
  override name = 'StoreBroken'
}

/**
 * Keeps a PGlite that gave up (severity PANIC or FATAL: the disk is full, or fails, while its log is written) from being
 * called again: the next call, already the ROLLBACK that follows an error, would never return and hold up the whole
 * process. From then on every call is refused. It leans on functions of PGlite that all its statements go through; where
 * they are no longer called, a crash test shows it.
 * @param broken told once
 */
export function refuseAfterPanic(pglite: PGlite, broken: (error: StoreBroken) => void): void {
  let reason: StoreBroken | undefined
  const { execProtocol, execProtocolStream, execProtocolRawSync } = pglite
  async function watched<T>(call: () => Promise<T>): Promise<T> {
    try {
      return await call()
    } catch (error) {
      const { severity, message } = error as { severity?: string; message?: string }
      if (reason === undefined && (severity === 'PANIC' || severity === 'FATAL')) {
        reason = new StoreBroken(`The embedded store gave up: ${message}. It must be opened anew.`)
        broken(reason)
      }
      throw error
    }
  }
  pglite.execProtocol = (...given) => watched(() => execProtocol.apply(pglite, given))
  pglite.execProtocolStream = (...given) => watched(() => execProtocolStream.apply(pglite, given))
  pglite.execProtocolRawSync = (message) => {
    if (reason !== undefined) throw reason
    return execProtocolRawSync.call(pglite, message)
  }
}
