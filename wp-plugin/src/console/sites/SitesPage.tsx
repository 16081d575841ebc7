import { Button } from '@wordpress/components'
import { useState } from '@wordpress/element'
import { __, sprintf } from '@wordpress/i18n'
import type { Site } from '@crosswalk/shared/contract'
import { useBridge } from '../../screens/bridge.tsx'
import { useAction, useLoaded } from '../../screens/loaded.ts'
import { Confirm } from '../../screens/parts/Confirm.tsx'
import { DataTable } from '../../screens/parts/DataTable.tsx'
import { Empty, Loadable } from '../../screens/parts/Loadable.tsx'
import { Message } from '../../screens/parts/Message.tsx'
import { Page } from '../../screens/parts/Page.tsx'
import { Time } from '../../screens/parts/Time.tsx'
import { CodeCard } from './CodeCard.tsx'

/** WordPress sites whose owners work with this bridge from wp-admin, and the code for another one. */
export function SitesPage() {
  const { api } = useBridge()
  const sites = useLoaded(
    'sites',
    () => api.pairing.sites(),
    () => 5_000,
  )
  const [said, say] = useState<string | null>(null)
  const [leaving, setLeaving] = useState<Site | null>(null)
  return (
    <Page title={__('WordPress sites', 'crosswalk')}>
      {said !== null && (
        <Message kind="success" onDismiss={() => say(null)}>
          {said}
        </Message>
      )}
      <CodeCard />
      <Loadable of={sites}>
        {({ items }) =>
          items.length === 0 ? (
            <Empty
              why={__('No WordPress site is paired yet.', 'crosswalk')}
              next={__(
                'Install the plugin Crosswalk in WordPress, open WooCommerce → Crosswalk there, and enter the address of this bridge and a code.',
                'crosswalk',
              )}
            />
          ) : (
            <SitesTable sites={items} ask={setLeaving} />
          )
        }
      </Loadable>
      {leaving !== null && (
        <RemoveQuestion
          site={leaving}
          leave={() => setLeaving(null)}
          done={(text) => {
            setLeaving(null)
            say(text)
            sites.reload()
          }}
        />
      )}
    </Page>
  )
}

const SitesTable = ({ sites, ask }: { sites: readonly Site[]; ask: (site: Site) => void }) => (
  <DataTable
    caption={__('Paired sites', 'crosswalk')}
    rows={sites}
    keyOf={(site) => site.id}
    columns={[
      { name: __('Address', 'crosswalk'), cell: (site) => <bdi dir="ltr">{site.url}</bdi> },
      { name: __('Plugin', 'crosswalk'), cell: (site) => site.pluginVersion },
      { name: __('Paired', 'crosswalk'), cell: (site) => <Time at={site.createdAt} /> },
      {
        name: __('Last heard of', 'crosswalk'),
        cell: (site) =>
          site.lastSeenAt === null ? __('not yet', 'crosswalk') : <Time at={site.lastSeenAt} />,
      },
      {
        name: __('What to do', 'crosswalk'),
        cell: (site) => (
          <Button __next40pxDefaultSize variant="tertiary" isDestructive onClick={() => ask(site)}>
            {/* translators: %s: address of a WordPress site */}
            {sprintf(__('Remove %s…', 'crosswalk'), site.url)}
          </Button>
        ),
      },
    ]}
  />
)

function RemoveQuestion(props: { site: Site; leave: () => void; done: (text: string) => void }) {
  const { site, leave, done } = props
  const { api } = useBridge()
  const remove = useAction(async () => {
    await api.pairing.removeSite({ params: { siteId: site.id } })
    done(
      sprintf(
        // translators: %s: address of a WordPress site
        __('%s cannot reach this bridge any more.', 'crosswalk'),
        site.url,
      ),
    )
  })
  return (
    <Confirm
      // translators: %s: address of a WordPress site
      question={sprintf(__('Remove %s?', 'crosswalk'), site.url)}
      // translators: %s: address of a WordPress site
      act={sprintf(__('Remove %s', 'crosswalk'), site.url)}
      leave={__('Leave it as it is', 'crosswalk')}
      destructive
      busy={remove.busy}
      error={remove.error}
      onAct={() => void remove.run()}
      onLeave={leave}
    >
      <p>
        {__(
          'Its pages in wp-admin stop working until it is paired again with a new code. Connections and flows stay, and go on.',
          'crosswalk',
        )}
      </p>
    </Confirm>
  )
}
