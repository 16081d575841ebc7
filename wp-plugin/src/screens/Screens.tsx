import type { ReactNode } from 'react'
import { lazy, Suspense, useEffect } from '@wordpress/element'
import { __, _n, sprintf } from '@wordpress/i18n'
import { Activity } from './activity/Activity.tsx'
import { useBridge } from './bridge.tsx'
import { Failures } from './failures/Failures.tsx'
import { Overview } from './overview/Overview.tsx'
import { Boundary } from './parts/Boundary.tsx'
import { count } from './parts/format.ts'
import { Keys } from './parts/Keys.tsx'
import { Empty, Loading } from './parts/Loadable.tsx'
import { Page } from './parts/Page.tsx'
import { PagesContext, partsOf, PlaceButton, PlaceLink, usePlace } from './place.tsx'
import { RecordPage } from './record/RecordPage.tsx'

const ConnectionPage = lazy(() => import('./connections/ConnectionPage.tsx'))
const Connections = lazy(() => import('./connections/Connections.tsx'))
const FlowList = lazy(() => import('./flows/FlowList.tsx'))
const FlowPage = lazy(() => import('./flows/FlowPage.tsx'))
const AlarmSettings = lazy(() => import('./settings/AlarmSettings.tsx'))
const Setup = lazy(() => import('./setup/Setup.tsx'))
const MappingPage = lazy(() => import('./mapping/MappingPage.tsx'))
const ListsPage = lazy(() => import('./lookups/ListsPage.tsx'))
const ListPage = lazy(() => import('./lookups/ListPage.tsx'))
const ReconcilePage = lazy(() => import('./reconcile/ReconcilePage.tsx'))

/** A page by the first part of its address. */
export interface Screen {
  /** In the navigation, under this word; pages without one belong to that of `under`. */
  label?: () => string
  under?: string
  show: (parts: readonly string[]) => ReactNode
}

/** Pages that only one face has, by the first part of their address; they come after the others. */
export type OwnScreens = Readonly<Record<string, Screen>>

const SCREENS: Readonly<Record<string, Screen>> = {
  '': { label: () => __('Overview', 'crosswalk'), show: () => <Overview /> },
  connections: {
    label: () => __('Connections', 'crosswalk'),
    show: ([id]) => (id === undefined ? <Connections /> : <ConnectionPage key={id} id={id} />),
  },
  flows: {
    label: () => __('Flows', 'crosswalk'),
    show: ([id, page]) =>
      id === undefined ? <FlowList /> : page === 'mapping' ? <MappingPage key={id} flowId={id} /> : <FlowPage key={id} id={id} />,
  },
  setup: { under: 'flows', show: (parts) => <Setup parts={parts} /> },
  activity: { label: () => __('Activity', 'crosswalk'), show: () => <Activity /> },
  records: {
    under: 'activity',
    show: ([flowId = '', externalId = '']) => <RecordPage key={`${flowId} ${externalId}`} flowId={flowId} externalId={externalId} />,
  },
  failures: { label: () => __('Failures', 'crosswalk'), show: () => <Failures /> },
  lists: {
    label: () => __('Lists', 'crosswalk'),
    show: ([name]) => (name === undefined ? <ListsPage /> : <ListPage key={name} name={name} />),
  },
  compare: { label: () => __('Compare', 'crosswalk'), show: () => <ReconcilePage /> },
  settings: { label: () => __('Settings', 'crosswalk'), show: () => <AlarmSettings /> },
} // prettier-ignore

const nameOf = (path: string): string => partsOf(path)[0] ?? ''

/** The page that the address names. */
export function Screens({ own = {} }: { own?: OwnScreens }) {
  const { path } = usePlace()
  const { api, tellFailures } = useBridge()
  useEffect(() => {
    // The number in the navigation; pages that know better tell it anew.
    api.overview.get().then(
      ({ failures }) => tellFailures(failures),
      () => {},
    )
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [])
  const screen = SCREENS[nameOf(path)] ?? own[nameOf(path)]
  return (
    <PagesContext.Provider value={[...Object.keys(SCREENS), ...Object.keys(own)]}>
      <Boundary key={path}>
        <Suspense fallback={<Loading lines={8} />}>
          {screen?.show(partsOf(path).slice(1)) ?? <NoSuchPage />}
        </Suspense>
      </Boundary>
      <Keys path={path} />
    </PagesContext.Provider>
  )
}

const NoSuchPage = () => (
  <Page title={__('There is no such page', 'crosswalk')}>
    <Empty
      why={__('The address may be from an older version.', 'crosswalk')}
      next={__('Everything is reached from the overview.', 'crosswalk')}
    >
      <PlaceButton to="/">{__('Go to the overview', 'crosswalk')}</PlaceButton>
    </Empty>
  </Page>
)

/** The navigation: real links, so that they open in new tabs and can be kept. */
export function PageLinks(props: { failures: number; own?: OwnScreens; className?: string }) {
  const { failures, own = {}, className = '' } = props
  const open = nameOf(usePlace().path)
  const shown = SCREENS[open]?.under ?? open
  return (
    <nav className={`cw-pages ${className}`} aria-label={__('Pages of Crosswalk', 'crosswalk')}>
      {Object.entries({ ...SCREENS, ...own }).map(([name, { label }]) =>
        label === undefined ? null : (
          <PlaceLink
            key={name}
            to={`/${name}`}
            className={className === '' ? '' : `nav-tab ${name === shown ? 'nav-tab-active' : ''}`}
            aria-current={name === shown ? 'page' : undefined}
          >
            {label()}
            {name === 'failures' && failures > 0 && <Open failures={failures} />}
          </PlaceLink>
        ),
      )}
    </nav>
  )
}

const Open = ({ failures }: { failures: number }) => (
  <>
    {' '}
    <span className="cw-number">
      <span aria-hidden="true">{count(failures)}</span>
      <span className="screen-reader-text">
        {/* translators: %s: number of failures */}
        {sprintf(_n('(%s is open)', '(%s are open)', failures, 'crosswalk'), count(failures))}
      </span>
    </span>
  </>
)
