import { Button } from '@wordpress/components'
import { useState } from '@wordpress/element'
import { __, sprintf } from '@wordpress/i18n'
import type { Invitation, Person } from '@crosswalk/shared/contract'
import { useBridge, type Api } from '../../screens/bridge.tsx'
import { useAction, useLoaded } from '../../screens/loaded.ts'
import { Card } from '../../screens/parts/Card.tsx'
import { DataTable } from '../../screens/parts/DataTable.tsx'
import { Empty, Loadable } from '../../screens/parts/Loadable.tsx'
import { Message, Problem } from '../../screens/parts/Message.tsx'
import { Page } from '../../screens/parts/Page.tsx'
import { Time } from '../../screens/parts/Time.tsx'
import { roleWord } from '../roles.ts'
import { InviteCard } from './InviteCard.tsx'
import { LinkToPassOn } from './LinkToPassOn.tsx'
import { PersonQuestion, type Question } from './PersonQuestion.tsx'

/** A link that was made just now; it is shown this once. */
export type MadeLink = Awaited<ReturnType<Api['accounts']['invite']>>

/** Who may come in, and as what. */
export function PeoplePage() {
  const { api } = useBridge()
  const people = useLoaded('people', () => api.accounts.people())
  const [link, setLink] = useState<MadeLink | null>(null)
  const [said, say] = useState<string | null>(null)
  const [question, ask] = useState<{ person: Person; about: Question } | null>(null)
  const made = (next: MadeLink): void => {
    setLink(next)
    say(null)
    people.reload()
  }
  const done = (text: string): void => {
    say(text)
    setLink(null)
    people.reload()
  }
  return (
    <Page title={__('People', 'crosswalk')}>
      {said !== null && (
        <Message kind="success" onDismiss={() => say(null)}>
          {said}
        </Message>
      )}
      {link !== null && <LinkToPassOn link={link} />}
      <Loadable of={people}>
        {({ items, invitations }) => (
          <>
            {items.length === 0 ? (
              <Empty
                why={__('Nobody has an account yet.', 'crosswalk')}
                next={__(
                  'Invite the first owner below, or open the link the bridge printed when it started.',
                  'crosswalk',
                )}
              />
            ) : (
              <PeopleTable people={items} ask={(person, about) => ask({ person, about })} />
            )}
            {invitations.length > 0 && <Invitations invitations={invitations} done={done} />}
          </>
        )}
      </Loadable>
      <InviteCard made={made} />
      {question !== null && <PersonQuestion {...question} made={made} done={done} leave={() => ask(null)} />}
    </Page>
  )
}

function PeopleTable(props: { people: readonly Person[]; ask: (person: Person, about: Question) => void }) {
  const { people, ask } = props
  return (
    <DataTable
      caption={__('Who has an account', 'crosswalk')}
      rows={people}
      keyOf={(person) => person.id}
      columns={[
        {
          name: __('Name', 'crosswalk'),
          cell: (person) => (
            <>
              <bdi className="cw-name">{person.name}</bdi>
              {person.you && ` · ${__('you', 'crosswalk')}`}
              <div className="cw-quiet">{person.email}</div>
            </>
          ),
        },
        { name: __('Role', 'crosswalk'), cell: (person) => roleWord(person.role) },
        {
          name: __('Second step', 'crosswalk'),
          cell: (person) => (person.secondFactor ? __('On', 'crosswalk') : __('Off', 'crosswalk')),
        },
        {
          name: __('Last here', 'crosswalk'),
          cell: (person) =>
            person.seenAt === null ? __('not signed in', 'crosswalk') : <Time at={person.seenAt} />,
        },
        {
          name: __('What to do', 'crosswalk'),
          cell: (person) => <Buttons person={person} ask={(about) => ask(person, about)} />,
        },
      ]}
    />
  )
}

function Buttons({ person, ask }: { person: Person; ask: (about: Question) => void }) {
  const { name } = person
  return (
    <div className="cw-buttons">
      <Button __next40pxDefaultSize variant="tertiary" onClick={() => ask('role')}>
        {/* translators: %s: a person's name */}
        {sprintf(__('Change the role of %s…', 'crosswalk'), name)}
      </Button>
      <Button __next40pxDefaultSize variant="tertiary" onClick={() => ask('renew')}>
        {/* translators: %s: a person's name */}
        {sprintf(__('New password link for %s…', 'crosswalk'), name)}
      </Button>
      <Button __next40pxDefaultSize variant="tertiary" isDestructive onClick={() => ask('remove')}>
        {/* translators: %s: a person's name */}
        {sprintf(__('Remove %s…', 'crosswalk'), name)}
      </Button>
    </div>
  )
}

function Invitations(props: { invitations: readonly Invitation[]; done: (text: string) => void }) {
  const { invitations, done } = props
  const { api } = useBridge()
  const withdraw = useAction(async ({ id, email }: Invitation) => {
    await api.accounts.withdrawInvitation({ params: { invitationId: id } })
    // translators: %s: an e-mail address
    done(sprintf(__('The link for %s does not work any more.', 'crosswalk'), email))
  })
  return (
    <Card title={__('Links that were not used yet', 'crosswalk')}>
      <Problem error={withdraw.error} />
      <ul className="cw-rows">
        {invitations.map((invitation) => (
          <li key={invitation.id} className="cw-row">
            <div>
              <span className="cw-name">{invitation.email}</span>
              {` · ${invitation.kind === 'renew' ? __('new password', 'crosswalk') : roleWord(invitation.role)}`}
              <p className="cw-quiet">
                {__('Works until', 'crosswalk')} <Time at={invitation.expiresAt} />
              </p>
            </div>
            <Button __next40pxDefaultSize variant="secondary" onClick={() => void withdraw.run(invitation)}>
              {/* translators: %s: an e-mail address */}
              {sprintf(__('Withdraw the link for %s', 'crosswalk'), invitation.email)}
            </Button>
          </li>
        ))}
      </ul>
    </Card>
  )
}
