import { Button } from '@wordpress/components'
import { useEffect, useRef, useState } from '@wordpress/element'
import { __, _n, sprintf } from '@wordpress/i18n'
import type { Flow, PreviewResult, Run } from '@crosswalk/shared/contract'
import { useBridge } from '../bridge.tsx'
import { useLoaded } from '../loaded.ts'
import { count } from '../parts/format.ts'
import { Loadable } from '../parts/Loadable.tsx'
import { Message, Problem } from '../parts/Message.tsx'
import { isOpen } from '../parts/runs.ts'
import { PreviewRecords } from './PreviewRecords.tsx'
import { actionChip, countWords } from './preview-words.ts'
import { RunProgress } from './RunProgress.tsx'

/** Shown of each group at a time; they may be very many. */
const PAGE = 20
const LOOK_MS = 2_000
const ACTIONS = ['fail', 'update', 'create', 'skip'] as const

const countsOf = ({ counts }: Run): PreviewResult['counts'] => ({
  create: counts.created,
  update: counts.updated,
  unchanged: counts.unchanged,
  skip: counts.skipped,
  fail: counts.failed,
})

/** All records as they would become: a run with its progress, then groups of those that are alike. */
export function RunPreview(props: { flow: Flow; told: (counts: PreviewResult['counts']) => void }) {
  const { flow, told } = props
  const { api } = useBridge()
  const started = useLoaded(`preview run ${flow.id}`, async () => {
    const { items } = await api.runs.list({ query: { flowId: flow.id, limit: 50 } })
    // One that is under way already is gone on with.
    const open = items.find((run) => run.kind === 'preview' && isOpen(run))
    return (
      open ??
      api.runs.start({ params: { flowId: flow.id }, body: { kind: 'preview', scope: { from: null } } })
    )
  })
  const [now, setNow] = useState<Run | null>(null)
  const latest = useRef(told)
  latest.current = told
  useEffect(() => {
    if (now) latest.current(countsOf(now))
  }, [now])
  return (
    <Loadable of={started}>
      {(run) => (
        <>
          <RunProgress key={run.id} started={run} changed={setNow} />
          {now && (
            <Message kind={now.counts.failed > 0 ? 'warning' : 'info'} spoken={null}>
              {`${countWords(countsOf(now))}.`}
            </Message>
          )}
          {now && <Groups flow={flow} run={now} />}
        </>
      )}
    </Loadable>
  ) // prettier-ignore
}

function Groups({ flow, run }: { flow: Flow; run: Run }) {
  const { api } = useBridge()
  const summary = useLoaded(
    `groups ${run.id} ${run.state}`,
    () => api.previews.summary({ params: { runId: run.id } }),
    () => (isOpen(run) ? LOOK_MS : null),
  )
  const counts = countsOf(run)
  return (
    <>
      {(summary.data?.groups ?? []).length > 0 && (
        <ul className="cw-problems">
          {summary.data?.groups.map(({ action, cause, reason, count: many }) => (
            <li key={`${action} ${cause}`}>
              {/* translators: 1: number of records; 2: what would become of them; 3: why */}
              {sprintf(__('%1$s × %2$s: %3$s', 'crosswalk'), ...([count(many), actionChip(action).word, reason || cause] as const))}
            </li>
          ))}
        </ul>
      )}
      {ACTIONS.filter((action) => counts[action] > 0 && !isOpen(run)).map((action) => (
        <Group key={action} flow={flow} run={run} action={action} total={counts[action]} />
      ))}
    </>
  ) // prettier-ignore
}

function Group(props: { flow: Flow; run: Run; action: (typeof ACTIONS)[number]; total: number }) {
  const { flow, run, action, total } = props
  const { api } = useBridge()
  const [limit, setLimit] = useState(PAGE)
  const found = useLoaded(`group ${run.id} ${action} ${limit}`, () =>
    api.previews.records({ params: { runId: run.id }, query: { action, limit } }),
  )
  const shown = found.data?.items.length ?? 0
  const more = found.data?.next !== null && limit < 200
  return (
    <section>
      <h2>
        {/* translators: 1: what would become of records; 2: number of records */}
        {sprintf(__('%1$s: %2$s', 'crosswalk'), ...([actionChip(action).word, count(total)] as const))}
      </h2>
      <Problem error={found.error} again={found.reload} />
      <PreviewRecords records={found.data?.items ?? []} target={flow.target.label} onlyDifferences />
      {shown > 0 && shown < total && (
        <p className="cw-quiet">
          {sprintf(
            // translators: %s: number of records
            _n('The first %s is shown.', 'The first %s are shown.', shown, 'crosswalk'),
            count(shown),
          )}{' '}
          {more && (
            <Button __next40pxDefaultSize variant="secondary" onClick={() => setLimit(Math.min(200, limit * 3))}>
              {__('Show more', 'crosswalk')}
            </Button>
          )}
        </p>
      )}
    </section>
  ) // prettier-ignore
}
