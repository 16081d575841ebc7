import { hubspot } from './hubspot/index.ts'
import type { Connector } from './sdk/index.ts'
import { woocommerce } from './woocommerce/index.ts'

/** All connectors by id, in the order the wizard shows them. A new one is one line here. */
export const connectors: Readonly<Record<string, Connector>> = Object.fromEntries(
  [woocommerce, hubspot].map((connector: Connector) => [connector.id, connector]),
)

/** The connector of that id; undefined where there is none. */
export const connectorById = (id: string): Connector | undefined =>
  Object.hasOwn(connectors, id) ? connectors[id] : undefined
