import { backfill, backfill50ms, rateLimited } from './backfill.ts'
import { connections, sizes } from './curves.ts'
import { memory } from './memory.ts'
import type { Row } from './row.ts'
import { scale } from './scale.ts'
import { live, webhooks, webhooksTargetDown } from './webhooks.ts'

/** All that is measured, in the order of the report. */
export const rows: readonly Row[] = [
  backfill,
  backfill50ms,
  webhooks,
  webhooksTargetDown,
  live,
  rateLimited,
  scale,
  memory,
  sizes,
  connections,
]
