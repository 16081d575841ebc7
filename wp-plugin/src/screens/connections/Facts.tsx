import type { ReactNode } from 'react'
import { __, sprintf } from '@wordpress/i18n'
import type { Connection } from '@crosswalk/shared/contract'
import { Time } from '../parts/Time.tsx'
import { feedWords } from './words.ts'

const Fact = ({ name, children }: { name: string; children: ReactNode }) => (
  <div>
    <dt>{name}</dt>
    <dd>{children}</dd>
  </div>
)

/** Who an account is, since when, and how it tells of changes. */
export function Facts({ connection }: { connection: Connection }) {
  const { connectorLabel, account, origin, feed, copies, checkedAt, createdAt } = connection
  return (
    <dl className="cw-facts">
      <Fact name={__('System', 'crosswalk')}>{connectorLabel}</Fact>
      <Fact name={__('Account', 'crosswalk')}>
        <bdi>{account || origin}</bdi>
      </Fact>
      <Fact name={__('Sign-in', 'crosswalk')}>
        <SignIn of={connection.credentials} />
      </Fact>
      <Fact name={__('Connected', 'crosswalk')}>
        <Time at={createdAt} />
      </Fact>
      <Fact name={__('Checked', 'crosswalk')}>
        <Time at={checkedAt} />
      </Fact>
      <Fact name={__('Changes', 'crosswalk')}>
        {feedWords(connection)}
        {feed.reason !== '' && <span className="cw-quiet"> {feed.reason}</span>}
        {feed.lastWebhookAt !== null && (
          <>
            {' '}
            {__('Last told:', 'crosswalk')} <Time at={feed.lastWebhookAt} />
          </>
        )}
      </Fact>
      {copies.length > 0 && (
        <Fact name={__('Copies of it', 'crosswalk')}>
          {/* translators: %s: addresses */}
          {sprintf(__('%s: what these send is put aside.', 'crosswalk'), copies.join(', '))}
        </Fact>
      )}
    </dl>
  )
}

/** Keys are never shown; their end tells which they are. */
const SignIn = ({ of }: { of: Connection['credentials'] }) =>
  of.set ? (
    <>
      {of.hint === ''
        ? __('kept, not shown', 'crosswalk')
        : // translators: %s: the last characters of a key
          sprintf(__('kept, ends in %s', 'crosswalk'), of.hint)}
      {of.setAt !== null && (
        <>
          {' · '}
          <Time at={of.setAt} />
        </>
      )}
    </>
  ) : (
    <>{__('erased', 'crosswalk')}</>
  )
