import { z } from 'zod'
import { Condition, Scalar } from '../mapping/condition.ts'
import { isSafeName } from '../mapping/path.ts'
import { Instant } from '../model/common.ts'
import { ROLES } from './parts.ts'
import { setting } from './setting.ts'

/** A fixed value for a field of the target, beside the mapping: a store's id, a sales channel. */
export const Constant = z.strictObject({
  part: setting(z.enum(ROLES), {
    title: 'Part', description: 'The part of the target document.', section: '', labels: {},
  }),
  target: setting(
    z.string().min(1).max(120).refine(isSafeName, 'this name cannot be that of a field'),
    { title: 'Field', description: 'The field that gets the value.', section: '', optionsFrom: 'target.fields' },
  ),
  value: setting(Scalar, { title: 'Value', description: 'The value every record gets.', section: '', widget: 'text' }),
}) // prettier-ignore
export type Constant = z.infer<typeof Constant>

const SECTION = {
  select: 'Which records',
  when: 'When',
  differ: 'When both sides differ',
  more: 'Added values',
}

/** Settings that every flow has. */
export const commonShape = {
  startDate: setting(z.union([Instant, z.iso.date()]).nullable().default(null), {
    title: 'Start date',
    description: 'Only records made on or after this day (from its midnight in UTC). Empty: all.',
    section: SECTION.select,
    widget: 'date',
  }),
  filter: setting(Condition.nullable().default(null), {
    title: 'Filter',
    description: 'Only records for which this holds. Empty: all.',
    section: SECTION.select,
    widget: 'condition',
    optionsFrom: 'source.fields',
    advanced: true,
  }),
  constants: setting(z.array(Constant).max(50).default([]), {
    title: 'Fixed values',
    description: 'Values that every record gets in the target, such as the id of the store.',
    section: SECTION.more,
    widget: 'rows',
    advanced: true,
  }),
  sweepSeconds: setting(z.int().min(30).max(86_400).nullable().default(null), {
    title: 'Seconds between two sweeps',
    description: 'How often the source is asked for changes. Empty: as the system allows.',
    section: SECTION.when,
    advanced: true,
  }),
  webhooks: setting(z.boolean().default(true), {
    title: 'Listen to webhooks',
    description:
      'Changes come across in seconds where the source can tell of them. Sweeps go on in any case.',
    section: SECTION.when,
    advanced: true,
  }),
  alertRecipients: setting(z.array(z.email().max(254)).max(20).default([]), {
    title: 'Send alarms to',
    description: 'E-mail addresses that are told of alarms of this flow, beside those of all alarms.',
    section: SECTION.when,
  }),
  conflict: setting(z.enum(['source', 'target', 'newest', 'only_if_empty']).default('source'), {
    drafted: true,
    title: 'When both sides changed a field',
    description: 'Whose value stays.',
    section: SECTION.differ,
    advanced: true,
    labels: {
      source: 'The value of the source',
      target: 'The value of the target',
      newest: 'The value changed last',
      only_if_empty: 'Write only fields that are empty in the target',
    },
  }),
  existing: setting(z.enum(['update', 'skip', 'update_until_closed']).default('update'), {
    title: 'Records that exist already',
    description: 'What happens on a change after the first time.',
    section: SECTION.differ,
    labels: {
      update: 'Update them',
      skip: 'Leave them alone',
      update_until_closed: 'Update them until they are closed or booked in the target',
    },
  }),
}

export const CommonSettings = z.strictObject(commonShape)
export type CommonSettings = z.infer<typeof CommonSettings>
