import { contract, type ConnectorInfo } from '@crosswalk/shared/contract'
import { describeFields } from '@crosswalk/shared/flows'
import { ENTITIES, type Entity } from '@crosswalk/shared/model'
import type { AuthMethod, Connector } from '@crosswalk/connectors/sdk'
import { z } from 'zod'
import { keysForm } from '../connections/methods.ts'
import type { Service } from '../service-types.ts'
import type { GroupHandlers } from './mount.ts'

type Method = ConnectorInfo['methods'][number]

function methodInfo(connector: Connector, method: AuthMethod, service: Service): Method {
  const common = {
    id: method.id,
    label: method.label,
    kind: method.kind,
    limits: null,
    scopes: [],
    fields: [],
    unavailable: null,
  }
  if (method.kind === 'keys') {
    const fields = describeFields(keysForm(connector, method).form)
    return {
      ...common,
      limits: method.limits ?? null,
      fields: fields.map((field) => ({ ...field, secret: true, widget: 'secret' as const })),
    }
  }
  const ready = service.config.oauthClients[connector.id] !== undefined
  return {
    ...common,
    scopes: method.scopes.map(({ scope, reason, optional }) => ({
      scope,
      reason,
      optional: optional ?? false,
    })),
    unavailable: ready
      ? null
      : `The operator of this bridge has not set up an app at ${connector.label} yet.`,
  }
}

const WORDS: Readonly<Record<Entity, string>> = {
  order: 'orders', invoice: 'invoices', customer: 'customers', product: 'products', category: 'categories', stock: 'stock levels',
  journal_entry: 'journal entries',
} // prettier-ignore

/** What can flow from one connector to another; for the rest, which side is missing it. */
export function pairOf(source: Connector, target: Connector) {
  const documents = Object.entries(target.documents)
  const flows = documents.flatMap(([id, document]) =>
    source.sources[document.entity as Entity] === undefined
      ? []
      : [{ entity: document.entity as Entity, document: id, label: document.label }],
  )
  const missing = ENTITIES.filter((entity) => !flows.some((flow) => flow.entity === entity)).map(
    (entity) => ({
      entity,
      why:
        source.sources[entity] === undefined
          ? `${WORDS[entity]} cannot be read from ${source.label}.`
          : `${target.label} takes no ${WORDS[entity]} from other systems.`,
    }),
  )
  return {
    source: source.id,
    target: target.id,
    flows,
    missing: missing.map(({ entity, why }) => ({ entity, why: why.charAt(0).toUpperCase() + why.slice(1) })),
  }
}

function infoOf(connector: Connector, service: Service): ConnectorInfo {
  return {
    id: connector.id,
    label: connector.label,
    docsUrl: connector.docsUrl,
    caveat: connector.caveat,
    methods: connector.auth.methods.map((method) => methodInfo(connector, method, service)),
    settings: connector.settings instanceof z.ZodObject ? describeFields(connector.settings) : [],
    sources: ENTITIES.flatMap((entity) => {
      const source = connector.sources[entity]
      return source ? [{ entity, label: source.label, listsByChange: source.listsByChange }] : []
    }),
    documents: Object.entries(connector.documents).map(([id, document]) => ({
      id,
      label: document.label,
      entity: document.entity as Entity,
    })),
    webhooks: connector.webhooks?.how ?? null,
    sweepSeconds: connector.sweep.everySeconds,
  }
}

export const connectorHandlers = (service: Service): GroupHandlers<typeof contract.connectors> => ({
  list: async () => {
    const all = Object.values(service.connectors)
    return {
      connectors: all.map((connector) => infoOf(connector, service)),
      pairs: all.flatMap((source) => all.map((target) => pairOf(source, target))),
    }
  },
})
