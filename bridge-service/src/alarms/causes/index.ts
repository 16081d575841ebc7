import type { Cause } from '../cause.ts'
import { moved, refused, unreachable } from './accounts.ts'
import { createBackup } from './backup.ts'
import { createEnding } from './ending.ts'
import { createFailureCauses } from './failures.ts'
import { createQuiet } from './quiet.ts'
import { stopped, unread } from './reading.ts'
import { untold } from './webhooks.ts'

/** All that is watched for. What one learned is kept with it, so a process makes them once. */
export const createCauses = (): Cause[] => [
  createQuiet(),
  unread,
  untold,
  createEnding(),
  refused,
  unreachable,
  moved,
  ...createFailureCauses(),
  stopped,
  createBackup(),
]
