import { Button, RadioControl } from '@wordpress/components'
import { speak } from '@wordpress/a11y'
import { useState } from '@wordpress/element'
import { __, _n, sprintf } from '@wordpress/i18n'
import { ApiError, type LookupPage } from '@crosswalk/shared/contract'
import { mayChange, useBridge } from '../bridge.tsx'
import { useAction, useLoaded } from '../loaded.ts'
import { Choice } from '../form/Choice.tsx'
import { exactCount } from '../parts/format.ts'
import { Loadable } from '../parts/Loadable.tsx'
import { Message, Problem } from '../parts/Message.tsx'
import { Page } from '../parts/Page.tsx'
import { StateChip } from '../parts/state.tsx'
import { PlaceLink } from '../place.tsx'
import { drop, keep, kept } from '../parts/kept.ts'
import { LinesTable } from './LinesTable.tsx'
import { PasteQuestion } from './PasteQuestion.tsx'
import { asTable, withPasted } from './paste.ts'
import { countChanges, countFreed, entriesOf, type Fallback, fallbackOf, type Line, linesOf, problemsOf } from './rows.ts' // prettier-ignore
import { download } from './download.ts'

const NO_LIST = { table: null, uses: [], gaps: [], answers: null, values: [], warning: null } as const

/** One list: what is missing first, with the records that wait for it. */
export default function ListPage({ name }: { name: string }) {
  const { api } = useBridge()
  const found = useLoaded<LookupPage>(`list ${name}`, () =>
    api.lookups.get({ params: { name } }).catch((error: unknown) => {
      // A list is made with its first line.
      if (error instanceof ApiError && error.status === 404) return { name, ...NO_LIST, uses: [], gaps: [], values: [] } // prettier-ignore
      throw error
    }),
  )
  if (found.data === null) {
    return (
      <Page title={name}>
        <Loadable of={found} lines={6}>
          {() => null}
        </Loadable>
      </Page>
    )
  }
  return <List key={name} page={found.data} reload={found.reload} error={found.error} />
}

interface Kept {
  basedOn: number
  lines: Line[]
  fallback: Fallback
}
/** What an older page kept may be of another shape. */
const isKept = (value: unknown): value is Kept => {
  const { lines, fallback } = (value ?? {}) as Partial<Kept>
  const isLine = (line: unknown): boolean =>
    typeof (line as Line | null)?.from === 'string' && typeof (line as Line).to === 'string'
  return Array.isArray(lines) && lines.every(isLine) && (fallback === null || typeof fallback === 'string')
}

function List({ page, reload, error }: { page: LookupPage; reload: () => void; error: Error | null }) {
  const { api, role } = useBridge()
  const { name, answers } = page
  const may = mayChange(role)
  const [base, setBase] = useState(page)
  const version = base.table?.version ?? 0
  const [before] = useState(() => {
    const found = kept(`list ${name}`)
    return isKept(found) && found.basedOn === version ? found : null
  })
  const [lines, setLines] = useState<readonly Line[]>(() => (before ? joined(before.lines, base) : linesOf(base)))
  const [fallback, setFallback] = useState<Fallback>(before ? before.fallback : fallbackOf(base))
  const [isPasting, setIsPasting] = useState(false)
  const [done, setDone] = useState<string | null>(null)
  const [isOvertaken, setIsOvertaken] = useState(false)
  const changes = countChanges(lines, base, fallback)
  const freed = countFreed(lines, fallback)
  const problems = problemsOf(lines, answers)
  const unknownFallback = fallback !== null && answers !== null && fallback !== '' && !answers.some(({ value }) => value === fallback)
  const isSound = problems.size === 0 && fallback !== '' && !unknownFallback

  const change = (next: readonly Line[], other: Fallback = fallback): void => {
    setLines(next)
    setFallback(other)
    setDone(null)
    keep(`list ${name}`, { basedOn: version, lines: next, fallback: other })
  }
  /** What stands on the page is from now on what is saved, whoever saved it. */
  const take = (fresh: LookupPage): void => {
    setBase(fresh)
    setLines(linesOf(fresh))
    setFallback(fallbackOf(fresh))
    setIsOvertaken(false)
    drop(`list ${name}`)
  }
  const save = useAction(async (basedOn: number) => {
    const body = { entries: entriesOf(lines), fallback: fallback === null ? null : { to: fallback }, basedOn }
    const saved = await api.lookups.save({ params: { name }, body }).catch((thrown: unknown) => {
      if (thrown instanceof ApiError && thrown.status === 409) return null
      throw thrown
    })
    if (saved === null) return setIsOvertaken(true)
    const { retried, ...table } = saved
    take({ ...base, table, gaps: retried > 0 ? [] : base.gaps })
    const text = savedText(changes, retried)
    setDone(text)
    speak(text, 'polite')
    reload()
  })
  const overrule = useAction(async () => {
    const { table } = await api.lookups.get({ params: { name } })
    if (!(await save.run(table?.version ?? 0))) throw new Error(__('It could not be saved. Look at the message below.', 'crosswalk'))
  })
  const theirs = useAction(async () => take(await api.lookups.get({ params: { name } })))
  const waiting = base.gaps.reduce((sum, { count }) => sum + count, 0)
  const hidden = base.gaps.find(({ value }) => value === null)
  const target = base.uses[0]?.label
  return (
    <Page
      title={name}
      state={
        waiting > 0 ? (
          // translators: %s: number of records
          <StateChip state="failed" word={sprintf(_n('%s record waits', '%s records wait', waiting, 'crosswalk'), exactCount(waiting))} />
        ) : null
      }
      primary={
        may && (
          <Button
            __next40pxDefaultSize
            variant="primary"
            isBusy={save.busy}
            disabled={changes === 0 || !isSound || save.busy}
            accessibleWhenDisabled
            onClick={() => void save.run(version)}
          >
            {/* translators: %s: number of changes */}
            {sprintf(_n('Save %s change', 'Save %s changes', changes, 'crosswalk'), exactCount(changes))}
          </Button>
        )
      }
    >
      <p className="cw-back">
        <PlaceLink to="/lists">{__('‹ All lists', 'crosswalk')}</PlaceLink>
      </p>
      <Problem error={error} again={reload} />
      <Problem error={save.error} />
      <Problem error={overrule.error ?? theirs.error} />
      {isOvertaken && (
        <>
          <Message kind="warning" way={{ label: __('Keep mine and save', 'crosswalk'), onClick: () => void overrule.run() }}>
            {__('Somebody else saved this list meanwhile. Your changes are still here.', 'crosswalk')}
          </Message>
          <div className="cw-buttons">
            <Button __next40pxDefaultSize variant="tertiary" isDestructive onClick={() => void theirs.run()}>
              {__('Take theirs and drop mine', 'crosswalk')}
            </Button>
          </div>
        </>
      )}
      {done !== null && <Message kind="success" spoken={null}>{done}</Message>}
      {page.warning !== null && (
        <Message kind="warning">
          {/* translators: %s: why, in a sentence */}
          {sprintf(__('The values of the other system could not be read: %s You can type them.', 'crosswalk'), page.warning)}
        </Message>
      )}
      <UsedBy page={page} />
      {hidden && (
        <Message kind="warning" spoken={null}>
          {sprintf(
            // translators: %s: number of records
            _n('%s more record waits for a value that may name a person and is not kept. Open the record to see it.', '%s more records wait for values that may name a person and are not kept. Open one to see it.', hidden.count, 'crosswalk'),
            exactCount(hidden.count),
          )}
        </Message>
      )}
      {may && (
        <div className="cw-buttons">
          <Button __next40pxDefaultSize variant="secondary" onClick={() => setIsPasting(true)}>
            {__('Paste from a spreadsheet', 'crosswalk')}
          </Button>
          <Button __next40pxDefaultSize variant="secondary" onClick={() => download(`${name}.tsv`, asTable(lines))}>
            {__('Export', 'crosswalk')}
          </Button>
        </div>
      )}
      <LinesTable
        lines={lines}
        answers={answers}
        values={page.values}
        answerName={target ?? __('Becomes', 'crosswalk')}
        problems={problems}
        mayChange={may}
        onChange={(next) => change(next)}
      />
      <RadioControl
        label={__('Anything else', 'crosswalk')}
        selected={fallback === null ? 'stop' : 'use'}
        options={[
          { value: 'stop', label: __('Stop and ask me (recommended)', 'crosswalk') },
          { value: 'use', label: __('Use one answer for all', 'crosswalk') },
        ]}
        disabled={!may}
        onChange={(choice) => change(lines, choice === 'stop' ? null : '')}
      />
      {fallback !== null && may && (
        <div className="cw-form">
          <Choice
            label={__('The answer for anything else', 'crosswalk')}
            help={__('An answer for all hides what is missing: nobody is asked any more.', 'crosswalk')}
            invalid={unknownFallback}
            options={answers}
            value={fallback}
            onChange={(to) => change(lines, to)}
          />
        </div>
      )}
      {may && changes > 0 && <p className="cw-quiet">{effect(freed)}</p>}
      {isPasting && (
        <PasteQuestion
          lines={lines}
          answers={answers}
          take={(pasted) => {
            change(withPasted(lines, pasted))
            setIsPasting(false)
          }}
          leave={() => setIsPasting(false)}
        />
      )}
    </Page>
  )
} // prettier-ignore

/** Lines of an earlier visit; their saved sides are those of now, for they were kept as copies. */
const joined = (lines: readonly Line[], page: LookupPage): Line[] => {
  const fresh = linesOf(page)
  return lines.map((line) => {
    const same = (one: Line): boolean => (one.saved?.from ?? one.from) === (line.saved?.from ?? line.from)
    const now = fresh.find(same)
    return { ...line, saved: now?.saved ?? null, waiting: now?.waiting ?? 0, examples: now?.examples ?? [] }
  })
}

const savedText = (changes: number, retried: number): string => {
  // translators: %s: number of changes
  const text = sprintf(_n('%s change is saved.', '%s changes are saved.', changes, 'crosswalk'), exactCount(changes)) // prettier-ignore
  if (retried === 0) return `${text} ${__('The next record gets it.', 'crosswalk')}`
  // translators: %s: number of records
  return `${text} ${sprintf(_n('%s waiting record is tried again.', '%s waiting records are tried again.', retried, 'crosswalk'), exactCount(retried))}` // prettier-ignore
}

const effect = (freed: number): string =>
  freed === 0
    ? __('Changes apply from the next record.', 'crosswalk')
    : sprintf(
        // translators: %s: number of records
        _n(
          'Changes apply from the next record; %s waiting record is tried again.',
          'Changes apply from the next record; %s waiting records are tried again.',
          freed,
          'crosswalk',
        ),
        exactCount(freed),
      )

function UsedBy({ page: { uses, table } }: { page: LookupPage }) {
  if (uses.length === 0) {
    return (
      <p className="cw-quiet">
        {table === null
          ? __('This list is made when you save its first line.', 'crosswalk')
          : __('No rule asks this list. Add the step “Look up in a table” to a rule.', 'crosswalk')}
      </p>
    )
  }
  return (
    <p className="cw-quiet">
      {__('Asked by', 'crosswalk')}{' '}
      {uses.map(({ flowId, flowName, part, target, label }, at) => (
        <span key={`${flowId} ${part} ${target}`}>
          {at > 0 && ', '}
          <PlaceLink to={`/flows/${encodeURIComponent(flowId)}/mapping`} query={{ part, field: target }}>
            {/* translators: 1: name of a flow; 2: name of a field */}
            {sprintf(__('%1$s, %2$s', 'crosswalk'), ...([flowName, label] as const))}
          </PlaceLink>
        </span>
      ))}
    </p>
  )
}
