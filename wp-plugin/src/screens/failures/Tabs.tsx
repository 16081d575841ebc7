import { __ } from '@wordpress/i18n'
import { count } from '../parts/format.ts'
import { PlaceLink } from '../place.tsx'

export const TABS = ['open', 'waiting', 'solved', 'ignored'] as const
export type Tab = (typeof TABS)[number]

export const tabOf = (text: string | undefined): Tab => TABS.find((tab) => tab === text) ?? 'open'

function word(tab: Tab): string {
  switch (tab) {
    case 'open':
      return __('Open', 'crosswalk')
    case 'waiting':
      return __('Waiting', 'crosswalk')
    case 'solved':
      return __('Solved', 'crosswalk')
    case 'ignored':
      return __('Ignored', 'crosswalk')
  }
}

/** Links with addresses of their own, so that Back and bookmarks work. @param counts null: not known yet */
export const Tabs = (props: { shown: Tab; counts: Partial<Record<Tab, number>> | null }) => (
  <nav className="cw-tabs" aria-label={__('Which failures', 'crosswalk')}>
    {TABS.map((tab) => (
      <PlaceLink
        key={tab}
        to="/failures"
        query={tab === 'open' ? {} : { show: tab }}
        aria-current={tab === props.shown ? 'page' : undefined}
      >
        {word(tab)}
        {(props.counts?.[tab] ?? 0) > 0 && ` ${count(props.counts?.[tab] ?? 0)}`}
      </PlaceLink>
    ))}
  </nav>
)
