import { issueCode, type Credentials } from './auth.ts'
import { mergeRecords } from './merge.ts'
import { revokeToken } from './oauth.ts'
import { removeStage } from './pipelines.ts'
import { dropProperty } from './property-definitions.ts'
import { archiveRecord, prepareCreate, prepareUpdate, restoreRecord } from './records.ts'
import { findLive, findRecord, storeOf, type Account, type SimRecord } from './state.ts'
import { summarize, type SummaryOptions } from './summary.ts'

/** `hs_object_source` of what a person does in the account. */
const CRM_UI = { sourceId: 'userId:71' }

/** A record as tests see it: all its values as kept. */
export interface RecordView {
  id: string
  properties: Record<string, string>
  archived: boolean
}

export interface AssociationView {
  objectType: string
  id: string
  typeIds: number[]
}

interface InlineAssociation {
  to: { id: string }
  types: { associationCategory: string; associationTypeId: number }[]
}

const view = ({ id, properties, archived }: SimRecord): RecordView => ({ id, properties, archived })

/** What tests may do behind the API's back: look at everything and act as a person in the account would. */
export function createVerbs(account: Account, credentials: Credentials) {
  const live = (objectType: string, id: string): SimRecord => {
    const record = findLive(storeOf(account, objectType), id)
    if (!record) throw new Error(`no ${objectType} ${id}`)
    return record
  }
  return {
    /** Live records of an object, oldest first. */
    all: (objectType: string): RecordView[] =>
      [...storeOf(account, objectType).records.values()].filter((record) => !record.archived).map(view),
    /** A record by id, archived or not; merged ids lead to the survivor. */
    get(objectType: string, id: string): RecordView | null {
      const record = findRecord(storeOf(account, objectType), id)
      return record ? view(record) : null
    },
    /** When an app last wrote values of a record, epoch ms of the account's clock; 0 where only people did. */
    writtenAt(objectType: string, id: string): number {
      const changes = findRecord(storeOf(account, objectType), id)?.changes ?? []
      return Math.max(0, ...changes.filter((one) => one.sourceId !== CRM_UI.sourceId).map((one) => one.at))
    },
    associations: (objectType: string, id: string): AssociationView[] =>
      [...live(objectType, id).links].flatMap(([other, byId]) =>
        [...byId].map(([otherId, typeIds]) => ({ objectType: other, id: otherId, typeIds })),
      ),
    /** @throws ApiError as the API would */
    createRecord(
      objectType: string,
      properties: Record<string, string>,
      associations: InlineAssociation[] = [],
    ): RecordView {
      return view(
        prepareCreate(account, storeOf(account, objectType), { properties, associations }, CRM_UI)(),
      )
    },
    updateRecord(objectType: string, id: string, properties: Record<string, string>): RecordView {
      return view(
        prepareUpdate(account, storeOf(account, objectType), live(objectType, id), properties, CRM_UI)(),
      )
    },
    archive(objectType: string, id: string): void {
      archiveRecord(account, storeOf(account, objectType), live(objectType, id), CRM_UI.sourceId)
    },
    restore: (objectType: string, id: string): RecordView =>
      view(restoreRecord(account, storeOf(account, objectType), id)),
    /** Merges two records and gives the survivor's new id. */
    merge: (objectType: string, primaryId: string, otherId: string): string =>
      mergeRecords(account, storeOf(account, objectType), primaryId, otherId, CRM_UI.sourceId).id,
    removeProperty(objectType: string, name: string): void {
      const store = storeOf(account, objectType)
      const property = store.properties.get(name)
      if (!property) throw new Error(`no property ${name}`)
      dropProperty(account, store, property)
    },
    removeStage: (objectType: string, pipelineId: string, stageId: string): boolean =>
      removeStage(account, objectType, pipelineId, stageId),
    /** Lets an access token expire now. */
    expireToken(token: string): void {
      const known = credentials.tokens.get(token)
      if (known) known.expiresAt = account.clock.now()
    },
    /** Takes a token away; a refresh token takes its app's access tokens along, as an uninstall does. */
    revoke: (token: string): void => revokeToken(credentials, token),
    issueCode: (clientId: string, redirectUri: string, scopes: string[]): string =>
      issueCode(credentials, clientId, redirectUri, scopes),
    summary: (options: SummaryOptions = {}) => summarize(account, options),
    /** How late the search index is from now on, in ms. */
    searchLag(ms: number): void {
      account.searchLagMs = ms
    },
  }
}
export type Verbs = ReturnType<typeof createVerbs>

const ARGUMENTS: Record<keyof Verbs, string[]> = {
  all: ['objectType'],
  get: ['objectType', 'id'],
  writtenAt: ['objectType', 'id'],
  associations: ['objectType', 'id'],
  createRecord: ['objectType', 'properties', 'associations'],
  updateRecord: ['objectType', 'id', 'properties'],
  archive: ['objectType', 'id'],
  restore: ['objectType', 'id'],
  merge: ['objectType', 'primaryId', 'otherId'],
  removeProperty: ['objectType', 'name'],
  removeStage: ['objectType', 'pipelineId', 'stageId'],
  expireToken: ['token'],
  revoke: ['token'],
  issueCode: ['clientId', 'redirectUri', 'scopes'],
  summary: ['options'],
  searchLag: ['ms'],
}

/** The verbs as control routes: `POST /__sim/{verb}` with an object of the named arguments. */
export function controlRoutes(verbs: Verbs): Record<string, (input: unknown) => unknown> {
  const names = Object.keys(ARGUMENTS) as (keyof Verbs)[]
  return Object.fromEntries(
    names.map((name) => [
      name,
      (input: unknown) => {
        const given = (input ?? {}) as Record<string, unknown>
        const verb = verbs[name] as (...args: unknown[]) => unknown
        return verb(...ARGUMENTS[name].map((argument) => given[argument]))
      },
    ]),
  )
}
