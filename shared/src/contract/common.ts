import { z } from 'zod'
import { ENTITIES, type Entity } from '../model/index.ts'
import { OPTION_SOURCES, type FormField as FormFieldShape, WIDGETS } from '../flows/index.ts'
import { ROLES } from '../flows/parts.ts'
import { Field, FieldRule, MappingDocument } from '../mapping/index.ts'

const prefixed = (prefix: string) =>
  z.string().regex(new RegExp(`^${prefix}_[0-9a-z]{1,40}$`), `an id here looks like ${prefix}_8f3k…`)

export const ConnectionId = prefixed('conn')
export const FlowId = prefixed('flow')
export const RunId = prefixed('run')
export const MatchId = prefixed('match')
export const LookupId = prefixed('look')
export const AccessKeyId = prefixed('key')
export const AlarmId = prefixed('alarm')
export const SiteId = prefixed('site')
export const AccountId = prefixed('acct')
export const SessionId = prefixed('sess')
export const InvitationId = prefixed('inv')
/** Id of a record at its source, as the source writes it. */
export const ExternalId = z.string().min(1).max(200)

/** UTC instant, ISO 8601 with `Z`. */
export const Time = z.iso.datetime({ offset: false })
/** `YYYY-MM-DD`, UTC. */
export const Day = z.iso.date()

export const EntityName = z.enum(ENTITIES as [Entity, ...Entity[]])
export const PartRole = z.enum(ROLES)
export const JsonObject = z.record(z.string(), z.unknown())

/** Lists page by cursor: `next` of one answer is `cursor` of the next call, null after the last page. */
export const PageQuery = z.object({
  cursor: z.string().max(500).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
})
export const pageOf = <T extends z.ZodType>(item: T) =>
  z.object({ items: z.array(item), next: z.string().nullable() })

/** A switch in a query string. */
export const QueryFlag = z.enum(['true', 'false']).transform((text) => text === 'true')

const formFieldShape = {
  name: z.string(),
  title: z.string(),
  description: z.string(),
  section: z.string(),
  /** A face that is older than the bridge shows what it does not know as a line of text. */
  widget: z.enum(WIDGETS).catch('text'),
  default: z.unknown().optional(),
  required: z.boolean(),
  nullable: z.boolean(),
  advanced: z.boolean(),
  secret: z.boolean(),
  options: z.array(z.object({ value: z.string(), label: z.string() })),
  optionsFrom: z.enum(OPTION_SOURCES).nullable().catch(null),
  keysFrom: z.enum(OPTION_SOURCES).nullable().catch(null),
  placeholder: z.string(),
  min: z.number().nullable(),
  max: z.number().nullable(),
}

/** A field of a form, as `describeFields` makes it. */
export const FormField: z.ZodType<FormFieldShape> = z
  .lazy(() => z.object({ ...formFieldShape, fields: z.array(FormField) }))
  .meta({ id: 'FormField' }) as unknown as z.ZodType<FormFieldShape>

/** One finding of a connect check. */
export const Finding = z
  .object({
    id: z.string(),
    state: z.enum(['ok', 'warning', 'failed']),
    text: z.string(),
    remedy: z.string(),
    blocking: z.boolean(),
  })
  .meta({ id: 'Finding' })
export type Finding = z.infer<typeof Finding>

export const Removed = z.object({ removed: z.literal(true) })

/** Shapes of the mapping with the names they have in the OpenAPI document. */
export const CatalogueField = Field.meta({ id: 'Field' })
export const MappingRule = FieldRule.meta({ id: 'FieldRule' })
export const MappingBody = MappingDocument.meta({ id: 'MappingDocument' })
