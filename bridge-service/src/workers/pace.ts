import { sql } from 'kysely'
import { connectors } from '@crosswalk/connectors'
import type { Source } from '@crosswalk/connectors/sdk'
import { BRIDGE_FACTS } from '../connections/bridge-facts.ts'
import { SWEEP_ONLY_SECONDS } from '../connections/subscriptions.ts'
import { json } from '../store/schema.ts'

/** A source that cannot list by change is read whole, and therefore seldom. */
const FULL_PASS_SECONDS = 6 * 3_600
const FEED_MODE = [BRIDGE_FACTS, 'feed', 'mode']

/**
 * How often each kind of record is read, in seconds: `told` where webhooks tell of changes, `least` at the most often,
 * whatever the flow says.
 */
const PACES = Object.values(connectors).flatMap(({ id, sources, sweep }) =>
  (Object.entries(sources) as [string, Source][]).map(([entity, source]) => ({
    connector: id,
    entity,
    told: sweep.everySeconds,
    least: source.listsByChange ? 0 : FULL_PASS_SECONDS,
  })),
)

/**
 * Joins to a flow `f` and its source connection `c` how often that flow reads it: `pace.every`, an interval. Flows that no
 * connector can read are left out.
 */
export const joinPace = sql`
  join json_to_recordset(${json(PACES)}::json) as p(connector text, entity text, told float8, least float8)
    on p.connector = c.connector and p.entity = f.entity
 cross join lateral (select interval '1 second' * greatest(p.least, coalesce(
     case jsonb_typeof(f.settings->'sweepSeconds') when 'number' then (f.settings->>'sweepSeconds')::float8 end,
     case c.facts #>> ${FEED_MODE}::text[] when 'webhooks' then p.told else ${SWEEP_ONLY_SECONDS}::float8 end
   )) as every) as pace`
