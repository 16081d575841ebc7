import type { contract } from '@crosswalk/shared/contract'
import type { Service } from '../service-types.ts'
import { accessHandlers } from './access.ts'
import { accountHandlers } from './accounts.ts'
import { alarmHandlers } from './alarms.ts'
import { connectionHandlers } from './connections.ts'
import { connectorHandlers } from './connectors.ts'
import { demoHandlers } from './demo.ts'
import { failureHandlers } from './failures.ts'
import { flowHandlers } from './flows.ts'
import { lookupHandlers } from './lookups.ts'
import { mappingHandlers } from './mappings.ts'
import { matchHandlers } from './matches.ts'
import type { Handlers } from './mount.ts'
import { overviewHandlers } from './overview.ts'
import { pairingHandlers } from './pairing.ts'
import { previewHandlers } from './previews.ts'
import { privacyHandlers } from './privacy.ts'
import { reconcileHandlers } from './reconcile.ts'
import { recordHandlers } from './records.ts'
import { runHandlers } from './runs.ts'

/** A handler for every endpoint; a missing one does not compile. */
export const createHandlers = (service: Service): Handlers<typeof contract> => ({
  access: accessHandlers(service),
  accounts: accountHandlers(service),
  pairing: pairingHandlers(service),
  connectors: connectorHandlers(service),
  connections: connectionHandlers(service),
  flows: flowHandlers(service),
  mappings: mappingHandlers(service),
  matches: matchHandlers(service),
  previews: previewHandlers(service),
  lookups: lookupHandlers(service),
  runs: runHandlers(service),
  records: recordHandlers(service),
  failures: failureHandlers(service),
  reconcile: reconcileHandlers(service),
  overview: overviewHandlers(service),
  alarms: alarmHandlers(service),
  demo: demoHandlers(service),
  privacy: privacyHandlers(service),
})
