import type { ReactNode } from 'react'
import { Button } from '@wordpress/components'
import { useRef, useState } from '@wordpress/element'
import { __, sprintf } from '@wordpress/i18n'
import type { DemoState, Flow } from '@crosswalk/shared/contract'
import type { MappingDocument } from '@crosswalk/shared/mapping'
import { mayChange, useBridge } from '../bridge.tsx'
import { EditForm } from '../failures/EditForm.tsx'
import { useLoaded } from '../loaded.ts'
import { Card } from '../parts/Card.tsx'
import { TechnicalDetails } from '../parts/Details.tsx'
import { when } from '../parts/format.ts'
import { Loadable } from '../parts/Loadable.tsx'
import { Message, Problem } from '../parts/Message.tsx'
import { OutsideLink } from '../parts/OutsideLink.tsx'
import { Page } from '../parts/Page.tsx'
import { recordName, recordState, singular } from '../parts/records.ts'
import { StateChip } from '../parts/state.tsx'
import { PlaceLink } from '../place.tsx'
import type { RecordData } from './detail.ts'
import { History } from './History.tsx'
import { answerLine, rulesLine, sentLine } from './lines.ts'
import { Said } from './Said.tsx'
import { WhatCame, WhatRulesDid, WhatWasAnswered, WhatWasSent } from './steps.tsx'
import { SyncResult, useSync } from './sync.tsx'

/** Between two looks, ms: while the result of *Sync now* is awaited, and else. */
const BUSY = 1_000
const CALM = 10_000

interface Everything {
  record: RecordData
  flow: Flow
  demo: DemoState
  mapping: MappingDocument | null
}

/** The whole story of one record. */
export function RecordPage({ flowId, externalId }: { flowId: string; externalId: string }) {
  const { api, role } = useBridge()
  const known = useRef<{ flow: Flow; demo: DemoState } | null>(null)
  const rules = useRef(new Map<number, MappingDocument | null>())
  const sync = useSync(flowId, externalId)
  const [edits, setEdits] = useState(false)
  const [sent, setSent] = useState<string | null>(null)

  /** The rules of a version, which never change; null where they cannot be had: the page stands without them. */
  const mappingOf = async (version: number | null): Promise<MappingDocument | null> => {
    if (version === null) return null
    const found =
      rules.current.get(version) ??
      (await api.mappings.get({ params: { flowId, version } }).then(({ document }) => document, () => null)) // prettier-ignore
    rules.current.set(version, found)
    return found
  }
  const all = useLoaded<Everything>(
    'record',
    async () => {
      const about = known.current ?? {
        flow: await api.flows.get({ params: { flowId } }),
        demo: await api.demo.get(),
      }
      known.current = about
      const record = await api.records.get({ params: { flowId, externalId } })
      const mapping = await mappingOf(record.history[0]?.mappingVersion ?? about.flow.mappingVersion)
      sync.seen(record)
      return { ...about, record, mapping }
    },
    () => (sync.isAwaited() ? BUSY : CALM),
  )
  const { record, flow, demo } = all.data ?? {}
  const name = recordName(flow?.entity ?? 'order', record ?? { label: null, externalId })
  return (
    <Page
      title={record?.target ? titleOf(name, record.target) : name}
      state={
        record && <StateChip {...recordState(record.state, flow?.target.label)} at={stateSince(record)} />
      }
      primary={
        record &&
        mayChange(role) && (
          <Button
            __next40pxDefaultSize
            variant={record.state === 'failed' ? 'primary' : 'secondary'}
            isBusy={sync.action.busy}
            onClick={() => void sync.action.run(record).then(all.reload)}
          >
            {record.state === 'failed' ? __('Retry this record', 'crosswalk') : __('Sync now', 'crosswalk')}
          </Button>
        )
      }
    >
      <p className="cw-back">
        <PlaceLink to="/activity">{__('‹ All activity', 'crosswalk')}</PlaceLink>
        {/* Addresses of the demo lead to accounts that do not exist. */}
        {record?.target?.url && flow && !demo?.connections.includes(flow.target.connectionId) && (
          // translators: %s: name of a system
          <OutsideLink to={record.target.url}>{sprintf(__('Open in %s', 'crosswalk'), flow.target.label)}</OutsideLink>
        )}
        {record && mayChange(role) && !edits && (
          <Button __next40pxDefaultSize variant="tertiary" onClick={() => setEdits(true)}>
            {__('Edit and send again…', 'crosswalk')}
          </Button>
        )}
      </p>
      <Problem error={sync.action.error} />
      <SyncResult result={sync.result} />
      {sent !== null && (
        <Message kind="info" onDismiss={() => setSent(null)}>
          {sent}
        </Message>
      )}
      {edits && record && flow && (
        <EditForm
          record={record}
          name={name}
          target={flow.target.label}
          leave={() => setEdits(false)}
          done={(text) => {
            setEdits(false)
            setSent(text)
            all.reload()
          }}
        />
      )}
      <Loadable of={all} lines={6}>
        {(data) => <Story {...data} />}
      </Loadable>
    </Page>
  ) // prettier-ignore
}

/** When a record came into its state: one that failed was not synced then, but tried. */
const stateSince = ({ state, syncedAt, updatedAt, history }: RecordData): string | null =>
  state === 'linked' || state === 'deleted' ? syncedAt : (history[0]?.at ?? updatedAt)

const titleOf = (name: string, target: { object: string; id: string }): string =>
  sprintf(
    // translators: 1: a record, such as "Order #1042"; 2: kind of a thing in the target, such as "deal"; 3: its id
    __('%1$s → %2$s %3$s', 'crosswalk'),
    ...([name, singular(target.object), target.id] as const),
  )

function Story({ record, flow, mapping }: Everything) {
  const target = flow.target.label
  const changed = record.sourceModifiedAt === null ? __('never', 'crosswalk') : when(record.sourceModifiedAt)
  return (
    <>
      <Said record={record} />
      <Step
        number={1}
        title={__('What came', 'crosswalk')}
        // translators: 1: name of a shop; 2: a time
        line={sprintf(__('from %1$s, changed there %2$s', 'crosswalk'), ...([flow.source.name, changed] as const))}
      >
        <WhatCame record={record} />
      </Step>
      <Step number={2} title={__('What your rules did', 'crosswalk')} line={rulesLine(record)}>
        <WhatRulesDid record={record} mapping={mapping} />
      </Step>
      <Step number={3} title={__('What was sent', 'crosswalk')} line={sentLine(record)}>
        <WhatWasSent record={record} />
      </Step>
      {/* translators: %s: name of a system */}
      <Step number={4} title={sprintf(__('What %s answered', 'crosswalk'), target)} line={answerLine(record, target)}>
        <WhatWasAnswered record={record} />
      </Step>
      <History record={record} />
      <TechnicalDetails of={{ ...record, detail: undefined }} />
    </>
  ) // prettier-ignore
}

const Step = (props: { number: number; title: string; line: string; children: ReactNode }) => (
  <Card
    className="cw-step"
    title={
      <>
        <span className="cw-step-number">{props.number}</span> {props.title}
      </>
    }
  >
    <p className="cw-quiet">{props.line}</p>
    {props.children}
  </Card>
)
