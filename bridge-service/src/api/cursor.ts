import { z } from 'zod'
import { Problem } from '../problem.ts'

/** A cursor for callers: opaque, so that what is in it may change. */
export const encodeCursor = (value: unknown): string =>
  Buffer.from(JSON.stringify(value)).toString('base64url')

/** What `encodeCursor` wrote. @throws Problem `bad_request` for anything else */
export function decodeCursor<T>(schema: z.ZodType<T>, text: string | undefined): T | undefined {
  if (text === undefined) return undefined
  try {
    return schema.parse(JSON.parse(Buffer.from(text, 'base64url').toString()))
  } catch {
    throw new Problem('bad_request', 'This cursor is not one of ours.', {
      issues: [
        {
          path: ['query', 'cursor'],
          message: 'This cursor is not one of ours.',
          expected: '`next` of the page before',
        },
      ],
    })
  }
}

export const LinkCursor = z
  .object({ u: z.coerce.date(), f: z.string(), x: z.string() })
  .transform(({ u, f, x }) => ({ updatedAt: u, flowId: f, externalId: x }))

export const RunCursor = z
  .object({ c: z.coerce.date(), i: z.string() })
  .transform(({ c, i }) => ({ createdAt: c, id: i }))

/** Of lists by a time and an id: audit, alarms, failures that are over. */
export const AuditCursor = z
  .object({ a: z.coerce.date(), i: z.string() })
  .transform(({ a, i }) => ({ at: a, id: i }))

/** Of failures by cause. */
export const FailureCursor = z
  .object({ g: z.string(), a: z.coerce.date(), f: z.string(), x: z.string() })
  .transform(({ g, a, f, x }) => ({ groupId: g, at: a, flowId: f, externalId: x }))
