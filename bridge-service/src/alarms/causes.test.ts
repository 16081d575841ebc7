import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { causeRef } from '@crosswalk/shared/causes'
import { forgetBackups, noteBackups } from '../backup/watch.ts'
import { sealCredentials } from '../connections/credentials.ts'
import type { Store } from '../store/database.ts'
import { endFailures } from '../store/failures.ts'
import { moveFlow } from '../store/flows.ts'
import { noteUntold } from '../store/reach.ts'
import { embeddedTestStore } from '../store/testing.ts'
import {
  alarmRig,
  DAY,
  failOrders,
  HOUR,
  MINUTE,
  readFlow,
  SECOND,
  setBridgeFacts,
  type AlarmRig,
} from './testing.ts'

const silence = { kind: 'unavailable', publicMessage: 'HubSpot did not answer in time.' } as const

const home = embeddedTestStore()

describe('what is watched for', () => {
  let store: Store
  let rig: AlarmRig
  beforeAll(async () => {
    store = await home.open()
  }, 60_000)
  afterAll(async () => {
    await store.close()
    await home.remove()
  })
  beforeEach(async () => {
    rig = await alarmRig(store)
  })

  /** Orders that are well again. */
  const well = (...numbers: number[]) => endFailures(store.db, 'flow_0', numbers.map(String), 'itself')

  /** Within a minute one message, none for long after, and one within a minute of its end. */
  async function toldOnce(
    title: string,
    solved: string,
    { begin, end, meanwhile }: { begin: () => unknown; end: () => unknown; meanwhile?: () => unknown },
  ): Promise<void> {
    const keep = { ...(meanwhile ? { meanwhile: async () => void (await meanwhile()) } : {}) }
    await rig.pass(MINUTE, keep)
    expect(rig.news(), 'before').toEqual([])
    await begin()
    await rig.pass(MINUTE, keep)
    expect(rig.news(), 'as it begins').toEqual([title])
    await rig.pass(20 * MINUTE, { ...keep, step: 10 * MINUTE })
    expect(rig.news(), 'while it goes on').toEqual([])
    await end()
    await rig.pass(MINUTE, keep)
    expect(rig.news(), 'as it ends').toEqual([`Solved: ${solved}`])
    expect(rig.handed.at(-1)?.text).toMatch(
      /^Solved: .* \(\d\d:\d\d (today )?\(UTC\)\)\.\n\nIt began .* and took /,
    )
    await rig.pass(20 * MINUTE, { ...keep, step: 10 * MINUTE })
    expect(rig.news(), 'after it').toEqual([])
  }
  const text = () => rig.handed[0]?.text
  const stays = () => readFlow(store, rig.now())

  it('a sign-in that is refused', async () => {
    const reason = 'The permission was withdrawn.'
    await toldOnce('HubSpot no longer accepts our sign-in', 'HubSpot (crm_0) accepts our sign-in again', {
      begin: () => store.raw(`update connection set state = 'unauthorized', state_reason = $1, updated_at = $2 where id = 'crm_0'`, [reason, new Date(rig.now())]),
      end: () => store.raw(`update connection set state = 'active' where id = 'crm_0'`),
    }) // prettier-ignore
    expect(text()).toMatch(/HubSpot \(crm_0\) refuses our sign-in\. 1 flow stands still\.\n\nWhy: The permission was withdrawn\./) // prettier-ignore
    expect(text()).toContain('https://bridge.example.com/#/connections/crm_0')
  })

  it('a system that gives no answer, from the set minutes on', async () => {
    const fail = () => rig.reach.failed('crm_0', silence)
    const failing = { meanwhile: fail, step: MINUTE }
    fail()
    await rig.pass(13.5 * MINUTE, { ...failing, step: 3 * MINUTE })
    let down = true
    await toldOnce('HubSpot does not answer (crm_0)', 'HubSpot (crm_0) answers again', {
      begin: () => undefined,
      end: () => {
        down = false
        rig.reach.answered('crm_0')
        rig.reach.served('crm_0')
      },
      meanwhile: () => {
        if (down) fail()
      },
    })
    expect(text()).toMatch(/has not answered for 15 minutes, since .*1 flow stands still.*\n\nWhy: HubSpot did not answer in time\./) // prettier-ignore
  })

  it('a system that gives answers in between is none; work that needed no call tells nothing', async () => {
    const failing = {
      meanwhile: () => {
        rig.reach.failed('crm_0', silence)
        rig.reach.served('crm_0')
      },
    }
    rig.reach.failed('crm_0', silence)
    await rig.pass(10 * MINUTE, { ...failing, step: 2 * MINUTE })
    rig.reach.answered('crm_0')
    rig.reach.served('crm_0')
    await rig.pass(MINUTE)
    await rig.pass(10 * MINUTE, { ...failing, step: 2 * MINUTE })
    expect(rig.news()).toEqual([])
    await rig.pass(8 * MINUTE, { ...failing, step: MINUTE })
    expect(rig.news()).toEqual(['HubSpot does not answer (crm_0)'])
  })

  it('a system that asks for patience', async () => {
    const limited = { kind: 'rate_limited', publicMessage: 'The calls of today are used up.' } as const
    const meanwhile = () => rig.reach.failed('crm_0', limited)
    meanwhile()
    await rig.pass(17 * MINUTE, { meanwhile, step: 3 * MINUTE })
    expect(rig.news()).toEqual(['HubSpot asks us to wait (crm_0)'])
    expect(text()).toContain('Why: The calls of today are used up.')
  })

  it('a source that is not read when it should be', async () => {
    await rig.pass(29.5 * MINUTE, { step: 2.5 * MINUTE })
    await toldOnce('shop_0 was not read for 31 minutes', 'the orders of shop_0 are read again', {
      begin: () => store.raw(`update flow set state_reason = 'A page repeats itself.' where id = 'flow_0'`),
      end: stays,
    })
    expect(text()).toContain('Why: A page repeats itself.')
  })

  it('what was not read because nobody was there is not late', async () => {
    await rig.pass(5 * HOUR, { step: 5 * HOUR })
    await rig.pass(29 * MINUTE, { step: 2.5 * MINUTE })
    expect(rig.news()).toEqual([])
    await rig.pass(2 * MINUTE)
    expect(rig.news()).toEqual(['shop_0 was not read for 5 hours'])
  })

  it('is told as one cause where a silent system keeps its source from being read', async () => {
    const meanwhile = () => rig.reach.failed('shop_0', { ...silence, publicMessage: 'The shop is down.' })
    await rig.pass(2 * HOUR, { meanwhile, step: 10 * MINUTE })
    expect(rig.news()).toEqual(['WooCommerce does not answer (shop_0)'])
  })

  it('webhooks that cannot be made, from the set minutes on', async () => {
    const failingSince = new Date(rig.now() - 28.5 * MINUTE).toISOString()
    const feed = { mode: 'sweep', topics: [], reason: 'Webhooks could not be made: the shop refuses them.', failingSince } // prettier-ignore
    await setBridgeFacts(store, 'shop_0', { feed })
    await toldOnce('shop_0 cannot tell us about changes', 'shop_0 tells us about changes again', {
      begin: () => undefined,
      end: () => setBridgeFacts(store, 'shop_0', { feed: { mode: 'webhooks', topics: ['order.updated'], reason: '' } }), // prettier-ignore
      meanwhile: stays,
    })
    expect(text()).toContain('Why: Webhooks could not be made: the shop refuses them.')
  })

  it('webhooks that tell of trouble', async () => {
    const feed = { mode: 'webhooks', topics: ['order.updated'], reason: '' }
    await setBridgeFacts(store, 'shop_0', { feed, hookTrouble: null })
    await toldOnce('shop_0 sends webhooks without records', 'the webhooks of shop_0 are well again', {
      begin: () => setBridgeFacts(store, 'shop_0', { feed, hookTrouble: 'Their owner may not read orders.' }),
      end: () => setBridgeFacts(store, 'shop_0', { feed, hookTrouble: null }),
      meanwhile: stays,
    })
    expect(text()).toContain('Why: Their owner may not read orders.')
  })

  describe('webhooks that stay away', () => {
    beforeEach(async () => {
      await setBridgeFacts(store, 'shop_0', {
        feed: { mode: 'webhooks', topics: ['order.updated'], reason: '' },
      })
      await rig.pass(16 * MINUTE, { step: 2.5 * MINUTE, meanwhile: stays })
    })
    const delivery = () =>
      store.raw(`insert into delivery (connection_id, dedupe_key, topic, received_at) values ('shop_0', $1::text, 'order.updated', $1::text::timestamptz)`, [new Date(rig.now()).toISOString()]) // prettier-ignore
    /** A sweep finds a change, by the time of the test. */
    const find = async () => {
      await noteUntold(store.db, 'shop_0', 1)
      await store.raw(`update reach set untold_at = $1::timestamptz, untold_since = case when untold = 1 then $1::timestamptz else untold_since end`, [new Date(rig.now())]) // prettier-ignore
    }

    it('are told when changes come all the same', async () => {
      await find()
      await rig.pass(9 * MINUTE, { meanwhile: stays, step: 2.5 * MINUTE })
      await find()
      await rig.pass(9 * MINUTE, { meanwhile: stays, step: 2.5 * MINUTE })
      await find()
      await rig.pass(10.5 * MINUTE, { meanwhile: stays, step: 2.5 * MINUTE })
      await toldOnce('shop_0 stopped telling us about changes', 'shop_0 tells us about changes again', {
        begin: () => undefined,
        end: delivery,
        meanwhile: stays,
      })
      expect(text()).toMatch(/we found 3 changes at shop_0 by looking; no webhook told of them/)
    })

    it('are none where one comes in between', async () => {
      for (let at = 0; at < 6; at += 1) {
        await find()
        await rig.pass(10 * MINUTE, { meanwhile: stays, step: 2.5 * MINUTE })
        if (at === 1 || at === 4) await delivery()
      }
      expect(rig.news()).toEqual([])
    })

    it('do not count while what was missed at a standstill is read', async () => {
      await rig.pass(HOUR, { step: HOUR })
      for (let at = 0; at < 3; at += 1) {
        await find()
        await rig.pass(4 * MINUTE, { meanwhile: stays, step: 2 * MINUTE })
      }
      await rig.pass(HOUR, { meanwhile: stays, step: 2.5 * MINUTE })
      expect(rig.news()).toEqual([])
    })

    it('are told on over a restart until one comes', async () => {
      for (let at = 0; at < 4; at += 1) {
        await find()
        await rig.pass(10 * MINUTE, { meanwhile: stays, step: 2.5 * MINUTE })
      }
      expect(rig.news()).toEqual(['shop_0 stopped telling us about changes'])
      rig.alarms = rig.another()
      await rig.pass(HOUR, { step: HOUR, meanwhile: stays })
      await rig.pass(HOUR, { meanwhile: stays, step: 2.5 * MINUTE })
      expect(rig.news()).toEqual([])
      await delivery()
      await rig.pass(MINUTE, { meanwhile: stays })
      expect(rig.news()).toEqual(['Solved: shop_0 tells us about changes again'])
    })
  })

  it('a sign-in that ends soon and does not renew itself', async () => {
    const sign = async (credentials: object) => {
      const sealed = sealCredentials({ id: 'crm_0', workspace_id: 'ws_1' }, credentials, rig.vault)
      await store.raw(`update connection set credentials = $1, updated_at = $2 where id = 'crm_0'`, [sealed, new Date(rig.now())]) // prettier-ignore
    }
    const day = (days: number) => new Date(rig.now() + days * DAY).toISOString()
    await sign({ refreshToken: 'again', expiresAt: day(0.01) })
    await rig.pass(MINUTE)
    expect(rig.news()).toEqual([])
    await toldOnce('The sign-in to HubSpot ends in 5 days', 'the sign-in to HubSpot (crm_0) was renewed', {
      begin: () => sign({ token: 'x', expiresAt: day(5.5) }),
      end: () => sign({ token: 'y', expiresAt: day(90) }),
      meanwhile: stays,
    })
  })

  it('records that fail for a cause that is new', async () => {
    const stage = causeRef('stage_missing', { system: 'HubSpot', status: 'packed' })
    await toldOnce('2 orders are not in HubSpot yet (shop_0)', 'no order fails for this cause any more', {
      begin: () => failOrders(store, [1040, 1037], stage),
      end: () => well(1040, 1037),
      meanwhile: stays,
    })
    expect(text()).toMatch(/2 orders could not be sent to HubSpot: #\d+, #\d+\.\n\nWhy: HubSpot has no stage for the status “packed”\.\n\nWhat to do: Choose a stage for it;/) // prettier-ignore
    expect(text()).toMatch(/\/#\/failures\?cause=[0-9a-f]{20}\n/)
  })

  it('each new cause once, however many records it has', async () => {
    const of = (field: string) => causeRef('value_refused', { system: 'HubSpot', field, label: field })
    await failOrders(store, [1], of('dealstage'))
    await rig.pass(MINUTE, { meanwhile: stays })
    expect(rig.news()).toEqual(['1 order is not in HubSpot yet (shop_0)'])
    await failOrders(store, [2, 3], of('dealstage'))
    await failOrders(store, [4], of('amount'))
    await rig.pass(MINUTE, { meanwhile: stays })
    expect(rig.handed.slice(1).map((mail) => mail.text.match(/Why: .*/)?.[0])).toEqual(['Why: HubSpot does not take the value of “amount”.']) // prettier-ignore
    const open = await store.raw<{ count: number }>(`select (facts->>'count')::int as count from alarm order by raised_at`) // prettier-ignore
    expect(open.map(({ count }) => count)).toEqual([3, 1])
  })

  it('many records that fail, once, and well again when half of them are left', async () => {
    await rig.settings({ manyFailures: 6, causes: ['failures'] })
    const ids = [1, 2, 3, 4, 5, 6]
    const wrong = causeRef('product_missing', { system: 'HubSpot' })
    await toldOnce('6 orders are not in HubSpot (shop_0)', 'no longer many orders of shop_0 fail', {
      begin: () => failOrders(store, ids, wrong),
      end: async () => {
        await well(1, 2)
        await rig.pass(MINUTE, { meanwhile: stays })
        expect(rig.news(), 'about its limit').toEqual([])
        await well(3)
      },
      meanwhile: stays,
    })
    expect(text()).toContain('6 orders are not in HubSpot, for 1 cause. You asked to be told from 6 on.')
  })

  it('a flow whose rules the target refuses; one that a person pauses is none', async () => {
    await moveFlow(store.db, 'ws_1', 'flow_0', 'paused', 'HubSpot has no such property: colour.', 'rules')
    await store.raw(`update flow set state = 'active', stopped_by = null, state_reason = null`)
    await toldOnce('HubSpot refuses the rules of a flow', 'the flow “Orders” goes again', {
      begin: () => moveFlow(store.db, 'ws_1', 'flow_0', 'paused', 'HubSpot has no such property: colour.', 'rules'),
      end: () => moveFlow(store.db, 'ws_1', 'flow_0', 'active'),
      meanwhile: stays,
    }) // prettier-ignore
    expect(text()).toContain('Why: HubSpot has no such property: colour.')
    expect(text()).toContain('/#/flows/flow_0')
    await moveFlow(store.db, 'ws_1', 'flow_0', 'paused', 'Stocktaking.')
    await rig.pass(MINUTE)
    expect(rig.news()).toEqual([])
  })

  it('a backup that is overdue, told where the operator is', async () => {
    await store.raw(
      `insert into workspace (id, name, created_at) values ('ws_2', 'Later', now() + interval '1 hour')`,
    )
    await rig.settings({ recipients: ['stranger@example.com'] }, 'ws_2')
    const note = (lastAt: number | null, error: string | null = null): Promise<void> =>
      noteBackups(store.db, rig.now(), { everyMs: DAY, lastAt, error })
    const made = rig.now() - 30 * HOUR + 2.5 * MINUTE
    // Watched for long: else what was not made while nobody was there is not late.
    await store.raw(`update lookout set since = '2026-01-01' where name = 'look'`)
    await note(made)
    await rig.pass(MINUTE)
    expect(rig.news()).toEqual([])
    await note(made, 'The disk is full.')
    await toldOnce('The last backup is 30 hours old', 'a backup was made', {
      begin: () => undefined,
      end: () => note(rig.now()),
      meanwhile: stays,
    })
    expect(rig.handed.map(({ to }) => to)).toEqual(['owner@example.com', 'owner@example.com'])
    expect(text()).toContain('Why: The disk is full.')
    await note(made)
    await rig.pass(MINUTE, { meanwhile: stays })
    await store.raw(`update lookout set since = '2026-01-01' where name = 'look'`)
    await rig.pass(MINUTE, { meanwhile: stays })
    expect(rig.news()).toEqual(['The last backup is 30 hours old'])
    await forgetBackups(store.db)
    await rig.pass(MINUTE, { meanwhile: stays })
    expect(rig.news()).toEqual([])
  })

  describe('silence', () => {
    /** A shop with an order every twenty minutes, day and night, for so many days, up to now. */
    const history = (days: number): Promise<unknown> =>
      store.raw(
        `insert into activity (flow_id, hour, changes, first_at, last_at)
         select 'flow_0', date_trunc('hour', h), 3, date_trunc('hour', h) + interval '5 minutes', date_trunc('hour', h) + interval '45 minutes'
           from generate_series($1::timestamptz - $2::int * interval '1 day', $1::timestamptz - interval '1 hour', interval '1 hour') as h`,
        [new Date(rig.now()), days],
      )
    const arrives = (): Promise<unknown> =>
      store.raw(
        `insert into activity (flow_id, hour, changes, first_at, last_at)
         values ('flow_0', date_trunc('hour', $1::timestamptz), 1, $1::timestamptz, $1::timestamptz)
         on conflict (flow_id, hour) do update set changes = activity.changes + 1, last_at = excluded.last_at`,
        [new Date(rig.now())],
      )

    it('for longer than usual is told, with what is usual by now', async () => {
      await history(28)
      await arrives()
      await rig.pass(3 * HOUR - 2 * MINUTE, { step: HOUR, meanwhile: stays })
      await toldOnce('No order for 3 hours (shop_0)', 'orders come from shop_0 again', {
        begin: () => rig.pass(MINUTE - SECOND, { meanwhile: stays }),
        end: arrives,
        meanwhile: stays,
      })
      expect(text()).toMatch(/^No new or changed order has come from shop_0 since .*; usually [89] by now\./)
    })

    it.each<[string, () => Promise<unknown>]>([
      ['with too little history', () => history(10)],
      ['of a flow that was changed meanwhile', async () => {
        await history(28)
        await store.raw(`update flow set updated_at = $1`, [new Date(rig.now() + 2 * HOUR)])
      }],
      ['while something waits', async () => {
        await history(28)
        rig.waiting = [{ prefix: 'flow_0', since: new Date(rig.now()) }]
      }],
    ])('%s is not told', async (_, prepare) => {
      await prepare()
      await rig.pass(4 * HOUR, { step: 20 * MINUTE, meanwhile: stays })
      expect(rig.news()).toEqual([])
    }) // prettier-ignore

    it('of a source that was not read is not told as such', async () => {
      await history(28)
      await rig.settings({ unreadMinutes: 10_000 })
      await rig.pass(5 * HOUR, { step: 20 * MINUTE })
      expect(rig.news()).toEqual([])
      await stays()
      await rig.pass(MINUTE, { meanwhile: stays })
      // A minute or an hour more, by where in the hour this is run.
      expect(rig.news()).toEqual([expect.stringMatching(/^No order for [56] hours \(shop_0\)$/)])
    })

    it('that a person ended by pausing the flow is not called solved', async () => {
      await history(28)
      await rig.pass(5 * HOUR, { step: HOUR, meanwhile: stays })
      expect(rig.news()).toHaveLength(1)
      await moveFlow(store.db, 'ws_1', 'flow_0', 'paused')
      await rig.pass(MINUTE, { meanwhile: stays })
      expect(rig.news()).toEqual([])
      expect(await store.raw('select outcome from alarm')).toEqual([{ outcome: 'dropped' }])
    })
  })
})
