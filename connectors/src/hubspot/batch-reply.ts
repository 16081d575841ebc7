import { z } from 'zod'
import { ConnectorError, type Reply } from '../sdk/index.ts'

type Value = string | number | boolean | null

const isObject = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

export const RecordShape = z.looseObject({
  id: z.coerce.string(),
  // Answers repeat every property of every record: what is used of them is looked at where it is used.
  properties: z.custom<Record<string, Value>>(isObject).default({}),
  objectWriteTraceId: z.string().optional(),
})
export type RecordShape = z.infer<typeof RecordShape>

const BatchShape = z.looseObject({
  results: z.array(RecordShape).default([]),
  errors: z.array(z.unknown()).optional(),
  paging: z.looseObject({ next: z.looseObject({ after: z.coerce.string() }).optional() }).optional(),
})

/**
 * A batch's or a search's answer. An answer without a body (204) is an empty one.
 * @throws ConnectorError `malformed` when it has another shape
 */
export function readBatch(reply: Reply): z.infer<typeof BatchShape> {
  const parsed = BatchShape.safeParse((reply.body ?? '') === '' ? {} : reply.body)
  if (parsed.success) return parsed.data
  throw new ConnectorError({
    kind: 'malformed',
    publicMessage: 'HubSpot answered a batch in a form that is not known.',
    status: reply.status,
    body: reply.body,
    cause: parsed.error,
  })
}
