import { Button } from '@wordpress/components'
import { useEffect, useRef } from '@wordpress/element'
import { __, sprintf } from '@wordpress/i18n'
import type { Flow } from '@crosswalk/shared/contract'
import { useBridge } from '../bridge.tsx'
import { useLoaded } from '../loaded.ts'
import { Card } from '../parts/Card.tsx'
import { DataTable } from '../parts/DataTable.tsx'
import { money, dayInFull } from '../parts/format.ts'
import { Loadable } from '../parts/Loadable.tsx'
import { recordName, recordState } from '../parts/records.ts'
import { StateChip } from '../parts/state.tsx'
import { pathOf, PlaceLink } from '../place.tsx'
import { recordSentence } from './words.ts'

/** Records of a day that did not agree: each with what is the matter and what to do. */
export function DayRecords({ flow, day, close }: { flow: Flow; day: string; close: () => void }) {
  const { api } = useBridge()
  const place = useRef<HTMLDivElement>(null)
  const found = useLoaded(`${flow.id} ${day}`, async () => (await api.reconcile.records({ params: { flowId: flow.id, day } })).items)
  useEffect(() => place.current?.focus(), [])
  return (
    // translators: %s: a day, such as "4 Nov"
    <div ref={place} tabIndex={-1} role="region" aria-label={sprintf(__('What differs on %s', 'crosswalk'), dayInFull(day))} className="cw-day-records">
      <Card
        // translators: %s: a day, such as "4 Nov"
        title={sprintf(__('What differs on %s', 'crosswalk'), dayInFull(day))}
        beside={
          <Button size="compact" variant="tertiary" onClick={close}>
            {__('Close', 'crosswalk')}
          </Button>
        }
      >
        <Loadable of={found} lines={3}>
          {(items) =>
            items.length === 0 ? (
              <p>{__('No record of this day differs any more, or the day was compared anew.', 'crosswalk')}</p>
            ) : (
              <>
                <DataTable
                  caption={__('Up to 20 of each kind', 'crosswalk')}
                  rows={items}
                  keyOf={({ externalId, what }) => `${externalId} ${what}`}
                  columns={[
                    {
                      name: __('Record', 'crosswalk'),
                      cell: ({ externalId, record }) => (
                        <PlaceLink to={pathOf('records', flow.id, externalId)}>
                          {recordName(flow.entity, { externalId, label: record?.label ?? null })}
                        </PlaceLink>
                      ),
                    },
                    { name: flow.source.label, number: true, cell: ({ source, currency }) => source && <bdi dir="ltr">{money(source, currency)}</bdi> },
                    { name: flow.target.label, number: true, cell: ({ target, currency }) => target && <bdi dir="ltr">{money(target, currency)}</bdi> },
                    {
                      name: __('What is the matter', 'crosswalk'),
                      cell: (one) => {
                        const { text, remedy } = recordSentence(one, flow)
                        return (
                          <span dir="auto">
                            {text} {remedy}
                          </span>
                        )
                      },
                    },
                    {
                      name: __('State now', 'crosswalk'),
                      cell: ({ record }) => record && <StateChip {...recordState(record.state, flow.target.label)} />,
                    },
                  ]}
                />
              </>
            )
          }
        </Loadable>
      </Card>
    </div>
  )
} // prettier-ignore
