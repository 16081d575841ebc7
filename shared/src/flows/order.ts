import { z } from 'zod'
import { commonShape } from './common.ts'
import { documentShape, needDefaultContact } from './document.ts'
import { setting } from './setting.ts'

const SECTION = {
  select: 'Which records',
  place: 'Document',
  changes: 'Cancelled, refunded and deleted',
  back: 'Back to the source',
}

const writes = (title: string, description: string) =>
  setting(z.boolean().default(false), { title, description, section: SECTION.back })

/** Settings of an order flow. */
export const OrderSettings = z
  .strictObject({
    statuses: setting(z.array(z.string().min(1).max(100)).max(100).default([]), {
      title: 'Statuses that count',
      description:
        'Only orders in one of these statuses of the source. Empty: all but drafts and unfinished checkouts.',
      section: SECTION.select,
      optionsFrom: 'source.statuses',
    }),
    ...commonShape,
    pipeline: setting(z.string().min(1).max(200).nullable().default(null), {
      title: 'Pipeline',
      description: 'Pipeline of the target that documents go to. Empty: its default.',
      section: SECTION.place,
      optionsFrom: 'target.pipelines',
    }),
    stages: setting(z.record(z.string().max(100), z.string().min(1).max(200)).default({}), {
      title: 'Stage of each status',
      description: 'Stage in the target for each status of the source.',
      section: SECTION.place,
      keysFrom: 'source.statuses',
      optionsFrom: 'target.stages',
    }),
    closedStages: setting(z.array(z.string().min(1).max(200)).max(100).default([]), {
      title: 'Closed stages',
      description:
        'Stages after which a document is left alone, where that is chosen. Empty: those the target itself calls closed.',
      section: SECTION.place,
      advanced: true,
      optionsFrom: 'target.stages',
    }),
    ...documentShape,
    cancelled: setting(z.enum(['stage', 'archive', 'nothing']).default('stage'), {
      title: 'Cancelled orders',
      description: 'What happens in the target when an order is cancelled.',
      section: SECTION.changes,
      labels: {
        stage: 'Move to the stage of its status',
        archive: 'Archive the document',
        nothing: 'Nothing',
      },
    }),
    deleted: setting(z.enum(['mark', 'archive', 'nothing']).default('mark'), {
      title: 'Deleted orders',
      description: 'What happens in the target when an order is deleted at the source.',
      section: SECTION.changes,
      labels: { mark: 'Mark it as deleted', archive: 'Archive the document', nothing: 'Nothing' },
    }),
    writeBack: setting(
      z
        .strictObject({
          status: writes('Status', 'The status of the order follows the stage of the document.'),
          payment: writes('Payment', 'A payment booked in the target marks the order as paid.'),
          tracking: writes('Tracking', 'Parcels told in the target are written to the order.'),
        })
        .default({ status: false, payment: false, tracking: false }),
      {
        drafted: true,
        title: 'Write back',
        description: 'What goes back to the source.',
        section: SECTION.back,
        advanced: true,
      },
    ),
  })
  .superRefine(needDefaultContact)
export type OrderSettings = z.infer<typeof OrderSettings>
