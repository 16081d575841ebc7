import { __, sprintf } from '@wordpress/i18n'
import type { Connection, ConnectorInfo, contract, Flow, OutputOf, Run } from '@crosswalk/shared/contract'
import { pathOf } from '../place.tsx'

type Pair = OutputOf<typeof contract.connectors.list>['pairs'][number]

/** All that the set-up goes by. What is done is read off the bridge, so it can be left and gone on with anywhere. */
export interface SetupFacts {
  connectors: readonly ConnectorInfo[]
  pairs: readonly Pair[]
  connections: readonly Connection[]
  flows: readonly Flow[]
  /** Newest first. */
  runs: readonly Run[]
}

/** The two systems that are to be kept level, by connector; empty where not chosen. */
export interface Chosen {
  from: string
  to: string
}

export interface Step {
  id: string
  title: string
  path: string
  query: Readonly<Record<string, string>>
  done: boolean
}

/** What can flow between two systems at all. */
export const pairOf = ({ pairs }: Pick<SetupFacts, 'pairs'>, { from, to }: Chosen): Pair | undefined =>
  pairs.find(({ source, target, flows }) => source === from && target === to && flows.length > 0)

/** The systems that were chosen, else those that are in use, else the only ones there are. */
export function chosenOf(facts: SetupFacts, query: Readonly<Record<string, string>>): Chosen {
  const asked = { from: query['from'] ?? '', to: query['to'] ?? '' }
  if (pairOf(facts, asked)) return asked
  const [flow] = facts.flows
  if (flow) return { from: flow.source.connector, to: flow.target.connector }
  const known = new Set(activeOf(facts).map(({ connector }) => connector))
  const possible = facts.pairs.filter(({ flows }) => flows.length > 0)
  const connected = possible.find(({ source, target }) => known.has(source) && known.has(target))
  const [only, ...others] = possible
  const pair = connected ?? (others.length === 0 ? only : undefined)
  return pair ? { from: pair.source, to: pair.target } : { from: '', to: '' }
}

const activeOf = ({ connections }: Pick<SetupFacts, 'connections'>): Connection[] =>
  connections.filter(({ state }) => state === 'active')

/** The account of a system that is in use. */
export const connectionOf = (
  facts: Pick<SetupFacts, 'connections'>,
  connector: string,
): Connection | undefined => activeOf(facts).find((one) => one.connector === connector)

export const labelOf = ({ connectors }: Pick<SetupFacts, 'connectors'>, id: string): string =>
  connectors.find((one) => one.id === id)?.label ?? id

/** The flow that is being set up: the first that is not live yet. */
export const unfinished = ({ flows }: Pick<SetupFacts, 'flows'>): Flow | undefined =>
  flows.find(({ state }) => state === 'draft' || state === 'previewed')

/** Steps of one flow. Saved settings are a version of their own, which tells that its questions were answered. */
function flowSteps(flow: Flow, runs: readonly Run[]): Step[] {
  const path = (name: string): string => pathOf('setup', flow.id, name)
  const live = flow.state === 'active' || flow.state === 'paused'
  const previewed = live || flow.state === 'previewed'
  const looked = runs.some(({ flowId, kind }) => flowId === flow.id && kind === 'match')
  const step = (id: string, title: string, done: boolean): Step => ({
    id,
    title,
    path: path(id),
    query: {},
    done,
  })
  return [
    step('questions', __('Answer the questions', 'crosswalk'), previewed || flow.settingsVersion > 1),
    step('match', __('See what is there already', 'crosswalk'), previewed || looked),
    step('preview', __('Preview', 'crosswalk'), previewed),
    step('live', __('Go live', 'crosswalk'), live),
  ]
}

/** All steps in order. @param flow whose own steps are told; none before there is one */
export function stepsOf(facts: SetupFacts, chosen: Chosen, flow: Flow | undefined): Step[] {
  const query = { from: chosen.from, to: chosen.to }
  const isChosen = pairOf(facts, chosen) !== undefined
  const connect = (connector: string, id: string): Step => ({
    id,
    // translators: %s: name of a system
    title: sprintf(__('Connect %s', 'crosswalk'), labelOf(facts, connector)),
    path: pathOf('setup', 'connect', connector),
    query,
    done: connectionOf(facts, connector) !== undefined,
  })
  const systems = [
    {
      id: 'systems',
      title: __('Choose the systems', 'crosswalk'),
      path: '/setup/systems',
      query,
      done: isChosen,
    },
    ...(isChosen ? [connect(chosen.from, 'from'), connect(chosen.to, 'to')] : []),
  ]
  const flows: Step = {
    id: 'flows',
    title: __('Choose what travels', 'crosswalk'),
    path: '/setup/flows',
    query,
    done: flow !== undefined,
  }
  return [...systems, flows, ...(flow ? flowSteps(flow, facts.runs) : [])]
}

/** The step to go on with: the first that is not done. */
export const nextOf = (steps: readonly Step[]): Step | undefined => steps.find(({ done }) => !done)
