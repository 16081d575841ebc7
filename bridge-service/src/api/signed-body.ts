import { createHash, timingSafeEqual } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import type { RequestHandler } from 'express'
import { Problem } from '../problem.ts'

/** SHA-256 of the bodies that signed requests say they have, until those are read. */
const expected = new WeakMap<IncomingMessage, string>()

const digest = (bytes: Uint8Array): Buffer => createHash('sha256').update(bytes).digest()

/** The caller was known by a signature over a body with this SHA-256 (hex): no other one may be used. */
export const expectBody = (request: IncomingMessage, sha256: string): void =>
  void expected.set(request, sha256)

function compare(request: IncomingMessage, bytes: Uint8Array): void {
  const wanted = expected.get(request)
  if (wanted === undefined) return
  expected.delete(request)
  if (timingSafeEqual(Buffer.from(wanted, 'hex'), digest(bytes))) return
  throw new Problem('unauthorized', 'The body is not the one that was signed.')
}

/** For the JSON parser, which shows the bytes as they came before it parses them. */
export const verifyBody = (request: IncomingMessage, _response: unknown, bytes: Buffer): void =>
  compare(request, bytes)

/** After the parser, which shows nothing where there is no body: that has to be what was signed, too. */
export const verifyNoBody: RequestHandler = (request, _response, next) => {
  compare(request, Buffer.alloc(0))
  next()
}
