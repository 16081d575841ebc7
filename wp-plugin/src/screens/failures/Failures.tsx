import { speak } from '@wordpress/a11y'
import { useState } from '@wordpress/element'
import { __, _n, sprintf } from '@wordpress/i18n'
import type { contract, OutputOf } from '@crosswalk/shared/contract'
import { useBridge } from '../bridge.tsx'
import { useLoaded } from '../loaded.ts'
import { count, startOfDay, when } from '../parts/format.ts'
import { Empty, Loadable } from '../parts/Loadable.tsx'
import { Message } from '../parts/Message.tsx'
import { Page } from '../parts/Page.tsx'
import { usePlace } from '../place.tsx'
import { Closed } from './Closed.tsx'
import { Group } from './Group.tsx'
import { tabOf, Tabs } from './Tabs.tsx'

type Answer = OutputOf<typeof contract.failures.groups>

const REFRESH_MS = 10_000
/** So many causes are shown with their records; of more, only the first. */
const ALL_OPEN = 3

/** What has failed, by cause, so that one act repairs many. */
export function Failures() {
  const { api, tellFailures } = useBridge()
  const { query } = usePlace()
  const tab = tabOf(query['show'])
  const state = tab === 'waiting' ? 'waiting' : 'open'
  const [said, setSaid] = useState<string | null>(null)
  const groups = useLoaded(
    state,
    async () => {
      const answer = await api.failures.groups({ query: { state, since: startOfDay() } })
      tellFailures(answer.counts.open)
      return answer
    },
    () => REFRESH_MS,
  )
  const done = (text: string | null): void => {
    if (text !== null) {
      setSaid(text)
      speak(text, 'polite')
    }
    groups.reload()
  }
  const { counts } = groups.data ?? {}
  return (
    <Page title={__('Failures', 'crosswalk')}>
      {groups.data && <p>{sentenceOf(groups.data, state)}</p>}
      <Tabs shown={tab} counts={counts ? { open: counts.open, waiting: counts.waiting, ignored: counts.ignored } : null} />
      {said !== null && (
        <Message kind="info" spoken={null} onDismiss={() => setSaid(null)}>
          {said}
        </Message>
      )}
      {tab === 'ignored' || tab === 'solved' ? (
        <Closed key={tab} state={tab === 'ignored' ? 'ignored' : 'ended'} done={done} />
      ) : (
        <Loadable of={groups} lines={3}>
          {(answer) =>
            answer.items.length === 0 ? (
              <Nothing tab={tab} answer={answer} />
            ) : (
              answer.items.map((group, i) => (
                <Group
                  key={`${tab} ${group.id}`}
                  group={group}
                  state={state}
                  first={i === 0 && state === 'open'}
                  open={query['cause'] === undefined ? i === 0 || answer.items.length <= ALL_OPEN : query['cause'] === group.id}
                  done={done}
                />
              ))
            )
          }
        </Loadable>
      )}
    </Page>
  )
} // prettier-ignore

/** `7 open, 2 causes · 3 solved by themselves today`. */
function sentenceOf({ items, counts }: Answer, state: 'open' | 'waiting'): string {
  const words: string[] = []
  if (state === 'open' && counts.open > 0) {
    // translators: %s: number of failures
    const open = sprintf(_n('%s open', '%s open', counts.open, 'crosswalk'), count(counts.open))
    // translators: %s: number of causes
    const causes = sprintf(_n('%s cause', '%s causes', items.length, 'crosswalk'), count(items.length))
    // translators: 1: such as "7 open"; 2: such as "2 causes"
    words.push(sprintf(__('%1$s, %2$s', 'crosswalk'), ...([open, causes] as const)))
  }
  if (state === 'waiting' && counts.waiting > 0) {
    words.push(
      sprintf(
        // translators: %s: number of records
        _n('%s waits and is tried again by itself', '%s wait and are tried again by themselves', counts.waiting, 'crosswalk'),
        count(counts.waiting),
      ),
    )
  }
  if (counts.solvedByItself > 0) {
    words.push(
      sprintf(
        // translators: %s: number of failures
        _n('%s solved by itself today', '%s solved by themselves today', counts.solvedByItself, 'crosswalk'),
        count(counts.solvedByItself),
      ),
    )
  }
  return words.join(' · ')
} // prettier-ignore

function Nothing({ tab, answer }: { tab: string; answer: Answer }) {
  if (tab === 'waiting') {
    return (
      <Empty
        why={__('Nothing waits.', 'crosswalk')}
        next={__('Records that are tried again by themselves show here, with the time of the next try.', 'crosswalk')}
      />
    )
  }
  return (
    <Empty
      why={__('Nothing is wrong.', 'crosswalk')}
      next={
        answer.lastEndedAt === null
          ? __('Records that cannot be brought over show here, with the cause and what to do.', 'crosswalk')
          : // translators: %s: a time
            sprintf(__('The last failure was solved %s.', 'crosswalk'), when(answer.lastEndedAt))
      }
    />
  )
} // prettier-ignore
