import { access } from './access.ts'
import { accounts } from './accounts.ts'
import { alarms } from './alarms.ts'
import { connections } from './connections.ts'
import { connectors } from './connectors.ts'
import { demo } from './demo.ts'
import { failures } from './failures.ts'
import { flows } from './flows.ts'
import { lookups } from './lookups.ts'
import { mappings } from './mappings.ts'
import { matches } from './matches.ts'
import { overview } from './overview.ts'
import { pairing } from './pairing.ts'
import { previews } from './preview.ts'
import { privacy } from './privacy.ts'
import { reconcile } from './reconcile.ts'
import { records } from './records.ts'
import { runs } from './runs.ts'

export * from './access.ts'
export * from './accounts.ts'
export * from './alarms.ts'
export * from './client.ts'
export * from './common.ts'
export * from './connections.ts'
export * from './connectors.ts'
export * from './demo.ts'
export * from './endpoint.ts'
export * from './errors.ts'
export * from './failures.ts'
export * from './flows.ts'
export * from './lookups.ts'
export * from './mappings.ts'
export * from './matches.ts'
export * from './openapi.ts'
export * from './overview.ts'
export * from './pairing.ts'
export * from './preview.ts'
export * from './privacy.ts'
export * from './reconcile.ts'
export * from './records.ts'
export * from './runs.ts'
export * from './sign-in.ts'

/** The whole API: the service mounts it, clients and the OpenAPI document are made from it. */
export const contract = {
  access,
  accounts,
  pairing,
  connectors,
  connections,
  flows,
  mappings,
  matches,
  previews,
  lookups,
  runs,
  records,
  failures,
  reconcile,
  overview,
  alarms,
  demo,
  privacy,
} as const
