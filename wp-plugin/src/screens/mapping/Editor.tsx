import { Button, TabPanel } from '@wordpress/components'
import { speak } from '@wordpress/a11y'
import { useEffect, useMemo, useState } from '@wordpress/element'
import { __, _n, sprintf } from '@wordpress/i18n'
import type { Mapping } from '@crosswalk/shared/contract'
import { diffMappings, type MappingDocument } from '@crosswalk/shared/mapping'
import { mayChange, useBridge } from '../bridge.tsx'
import { useAction } from '../loaded.ts'
import { count, exactCount } from '../parts/format.ts'
import { Message, Problem } from '../parts/Message.tsx'
import { Page } from '../parts/Page.tsx'
import { StateChip } from '../parts/state.tsx'
import { pathOf, PlaceLink, usePlace } from '../place.tsx'
import { type Catalogues, CataloguesProvider } from './context.ts'
import { changesWord, type DiffNames } from './DiffWords.tsx'
import { addRule, listRows, partOf, type Place, rowsOf } from './draft.ts'
import type { EditorData } from './MappingPage.tsx'
import { Overtaken } from './Overtaken.tsx'
import { countInPart, countProblems } from './problems.ts'
import { RulesTable } from './RulesTable.tsx'
import { SamplePicker } from './SamplePicker.tsx'
import { type Saved, SaveQuestion } from './SaveQuestion.tsx'
import type { RuleTrace } from './Trace.tsx'
import { Unfilled } from './Unfilled.tsx'
import { useDraft } from './useDraft.ts'
import { type Sample, useTrace } from './useTrace.ts'
import { Versions } from './Versions.tsx'
import { wordsFrom } from './words.ts'

/** The rules on the page: changed, tried, compared and saved. */
export function Editor({ data, title, reload }: { data: EditorData; title: string; reload: () => void }) {
  const { flow, fields, transforms, versions, records } = data
  const { api, role } = useBridge()
  const { query } = usePlace()
  const may = mayChange(role)
  const draft = useDraft(flow.id, data.current)
  const [sample, setSample] = useState<Sample>({ externalId: records[0]?.externalId ?? null, as: 'create' })
  const traced = useTrace(flow.id, draft.document, sample, may)
  const [openPart, setOpenPart] = useState(() => firstPart(data, query['part'], query['field']))
  const [open, setOpen] = useState<Place | null>(() => placeOf(draft.document, openPart, query['field']))
  const [newer, setNewer] = useState<Mapping | null>(() => (draft.basedOn < data.current.version ? data.current : null)) // prettier-ignore
  const [asks, setAsks] = useState(false)
  const [done, setDone] = useState<Saved | null>(null)
  const overtaken = useAction(async () => {
    setAsks(false)
    const { mappingVersion } = await api.flows.get({ params: { flowId: flow.id } })
    setNewer(await api.mappings.get({ params: { flowId: flow.id, version: mappingVersion } }))
  })
  useEffect(() => {
    // Taken up or dropped: nobody is ahead any more.
    if (newer !== null && draft.basedOn >= newer.version) setNewer(null)
  }, [newer, draft.basedOn])

  const part = fields.parts.find(({ role: name }) => name === openPart) ?? fields.parts[0]
  const result = traced.result
  const problems = result?.problems ?? []
  const sources = useMemo(
    () => [...(part?.sourceFields ?? []), ...(result?.custom ?? [])],
    [part, result?.custom],
  )
  const words = useMemo(() => {
    const all = [...fields.parts.flatMap(({ sourceFields }) => sourceFields), ...(result?.custom ?? [])]
    return wordsFrom(all, transforms)
  }, [fields, transforms, result?.custom])
  const catalogues: Catalogues = {
    flowId: flow.id,
    sources,
    examples: { ...Object.fromEntries((result?.custom ?? []).map(({ name, example }) => [name, example])), ...result?.examples }, // prettier-ignore
    transforms,
    lookups: fields.lookups,
    words,
    isInSample: result === null || result.parts.some(({ role: name }) => name === part?.role),
    target: flow.target.label,
    mayChange: may,
  }
  const names: DiffNames = {
    words,
    part: (name) => fields.parts.find((one) => one.role === name)?.label ?? name,
    field: (name, target) =>
      fields.parts.find((one) => one.role === name)?.targetFields.find((field) => field.name === target) ?? null, // prettier-ignore
  }
  const changes = useMemo(() => diffMappings(draft.base.document, draft.document), [draft.base, draft.document]) // prettier-ignore
  const wrong = countProblems(draft.document, problems)
  const traceOf = (place: Place): RuleTrace | undefined => {
    const rules = result?.parts.find(({ role: name }) => name === place.part)?.rules
    const list = place.list === null ? undefined : partOf(draft.document, place.part).lists[place.list]?.target // prettier-ignore
    return rules?.find((one) => one.index === place.index && one.list?.target === list && (one.list?.item ?? 0) === 0) // prettier-ignore
  }
  const fill = (target: string): void => {
    if (part === undefined) return
    const added = addRule(draft.document, part.role, target)
    draft.change(added.document)
    setOpen(added.place)
    speak(__('Added. Choose where the value comes from.', 'crosswalk'), 'polite')
  }
  const saved = (of: Saved): void => {
    draft.settle(of.mapping)
    setAsks(false)
    setOpen(null)
    setDone(of)
    reload()
  }
  const goBack = (version: Mapping): void => {
    draft.change(version.document)
    setOpen(null)
    setDone(null)
    window.scrollTo(0, 0)
    // translators: %s: number of a version
    speak(sprintf(__('The rules of version %s are on the page. Save them as a new version.', 'crosswalk'), String(version.version)), 'polite') // prettier-ignore
  }
  const label = result?.record.label ?? null
  if (part === undefined) return null
  const { filled, unfilled } = rowsOf(draft.document, part.role, part.targetFields, part.requiredTargets)
  const table = {
    part: part.role, document: draft.document, problems, traceOf, sample: may ? (label ?? '') : null,
    open, setOpen, change: draft.change, fill,
  } // prettier-ignore
  return (
    <CataloguesProvider value={catalogues}>
      <Page
        title={title}
        state={
          draft.isChanged ? (
            <StateChip state="attention" word={sprintf(/* translators: %s: such as "3 changes" */ __('%s not saved', 'crosswalk'), changesWord(changes))} />
          ) : (
            // translators: %s: number of a version
            <StateChip state="live" word={sprintf(__('Version %s', 'crosswalk'), String(draft.basedOn))} />
          )
        }
        primary={
          may && (
            <Button
              __next40pxDefaultSize
              variant="primary"
              disabled={!draft.isChanged || wrong > 0 || newer !== null}
              accessibleWhenDisabled
              onClick={() => setAsks(true)}
            >
              {/* translators: %s: number of a version */}
              {sprintf(__('Save as version %s', 'crosswalk'), String(draft.basedOn + 1))}
            </Button>
          )
        }
      >
        <p className="cw-back">
          <PlaceLink to={pathOf('flows', flow.id)}>{__('‹ Back to the flow', 'crosswalk')}</PlaceLink>
        </p>
        {newer !== null && <Overtaken draft={draft} newer={newer} names={names} />}
        <Problem error={overtaken.error} again={() => void overtaken.run()} />
        {draft.isFound && newer === null && draft.isChanged && (
          <Message kind="info" way={{ label: __('Drop them', 'crosswalk'), onClick: () => draft.settle(draft.base) }}>
            {__('Your changes from before were kept. They are not saved yet.', 'crosswalk')}
          </Message>
        )}
        {done !== null && !draft.isChanged && <Done saved={done} />}
        {fields.warning !== null && <Message kind="warning">{fields.warning}</Message>}
        {!may && <Message kind="info">{__('You may look at these rules. Ask the owner for the role “operator” to change them.', 'crosswalk')}</Message>}
        {wrong > 0 && draft.isChanged && (
          <Message kind="warning" spoken={null}>
            {sprintf(
              // translators: %s: number of problems
              _n('%s problem must be solved before these rules can be saved.', '%s problems must be solved before these rules can be saved.', wrong, 'crosswalk'),
              count(wrong),
            )}
          </Message>
        )}
        {may && (
          <SamplePicker
            {...{ records, sample, result }}
            flowId={flow.id}
            target={flow.target.label}
            document={draft.document}
            onChange={setSample}
            readAgain={traced.again}
          />
        )}
        <Problem error={traced.error} again={traced.again} />
        <TabPanel
          className="cw-tabs"
          initialTabName={part.role}
          onSelect={(name) => {
            setOpenPart(name)
            if (open?.part !== name) setOpen(null)
          }}
          tabs={fields.parts.map(({ role: name, label: word }) => ({ name, title: tabTitle(word, countInPart(draft.document, name, problems)) }))}
        >
          {() => (
            <div aria-busy={traced.isBusy} className="cw-wide">
              <LineCount of={result?.parts.find((one) => one.role === part.role)?.count ?? 1} />
              <RulesTable
                {...table}
                key={part.role}
                // translators: %s: a part of the target, such as "Deal"
                caption={sprintf(__('Rules of %s', 'crosswalk'), part.label)}
                rows={filled}
              />
              {partOf(draft.document, part.role).lists.map((list, at) => (
                <div key={list.target}>
                  <h2>{list.target}</h2>
                  <RulesTable {...table} caption={list.target} rows={listRows(draft.document, part.role, at, part.targetFields)} />
                </div>
              ))}
              <Unfilled key={part.role} fields={unfilled} fill={fill} />
            </div>
          )}
        </TabPanel>
        <Versions flowId={flow.id} versions={versions} names={names} goBack={may ? goBack : null} />
      </Page>
      {asks && (
        <SaveQuestion
          {...{ flow, changes, names, saved }}
          basedOn={draft.basedOn}
          document={draft.document}
          overtaken={() => void overtaken.run()}
          leave={() => setAsks(false)}
        />
      )}
    </CataloguesProvider>
  )
} // prettier-ignore

const tabTitle = (label: string, wrong: number): string =>
  wrong === 0
    ? label
    : // translators: 1: a part of the target, such as "Deal"; 2: number of problems
      sprintf(_n('%1$s – %2$s problem', '%1$s – %2$s problems', wrong, 'crosswalk'), ...([label, count(wrong)] as const)) // prettier-ignore

/** The part that is looked at first: the one asked for, the one with the field, else the document itself. */
function firstPart({ fields: { parts } }: EditorData, wanted: string | undefined, field: string | undefined): string {
  const asked = parts.find(({ role }) => role === wanted)
  const withField = field === undefined ? undefined : parts.find(({ targetFields }) => targetFields.some(({ name }) => name === field)) // prettier-ignore
  const main = parts.find(({ role }) => role === 'document')
  return (asked ?? withField ?? main ?? parts[0])?.role ?? ''
} // prettier-ignore

/** The rule for a field, to be opened at once: pages about failures lead here. */
function placeOf(document: MappingDocument, part: string, field: string | undefined): Place | null {
  const index = partOf(document, part).rules.findIndex(({ target }) => target === field)
  const place = { part, list: null, index }
  return index < 0 ? null : place
}

const LineCount = ({ of }: { of: number }) =>
  of <= 1 ? null : (
    <p className="cw-quiet">
      {/* translators: %s: number of parts, such as lines of an order */}
      {sprintf(__('The sample has %s of these; the results are of the first.', 'crosswalk'), count(of))}
    </p>
  )

const Done = ({ saved: { mapping, applied, trouble } }: { saved: Saved }) => (
  <>
    <Message kind="success">
      {/* translators: %s: number of a version */}
      {sprintf(__('Version %s is saved. The next record gets these rules.', 'crosswalk'), String(mapping.version))}
      {applied > 0 &&
        ` ${sprintf(
          // translators: %s: number of records
          _n('%s record in place is looked at again; follow it on the overview.', '%s records in place are looked at again; follow them on the overview.', applied, 'crosswalk'),
          exactCount(applied),
        )}`}
    </Message>
    {trouble !== null && (
      <Message kind="warning">
        {/* translators: %s: why it could not be done */}
        {sprintf(__('The rules are saved, but not applied to existing records: %s', 'crosswalk'), trouble.message)}
      </Message>
    )}
  </>
) // prettier-ignore
