/**
 * Alarms: what is open and was, what was sent about it, who is told, and what has to be remembered to notice a cause: when
 * changes come in, since when an account gives no good answer, and what no webhook told of.
 */
export const name = '0008-alarms'

export const statements: readonly string[] = [
  `create table alarm (
    id text primary key,
    workspace_id text not null references workspace(id) on delete cascade,
    key text not null,
    cause text not null,
    flow_id text,
    connection_id text,
    since timestamptz(3) not null,
    raised_at timestamptz(3) not null,
    told_at timestamptz(3) not null,
    ended_at timestamptz(3),
    outcome text check (outcome in ('solved','dropped')),
    acknowledged_at timestamptz(3),
    acknowledged_by text,
    facts jsonb not null default '{}'
  )`,
  // One alarm per cause: whoever else would raise it finds it there.
  `create unique index alarm_open on alarm (workspace_id, key) where ended_at is null`,
  `create index alarm_workspace on alarm (workspace_id, raised_at desc, id)`,
  `create index alarm_ended on alarm (ended_at) where ended_at is not null`,
  `create table alarm_message (
    id text primary key,
    alarm_id text not null references alarm(id) on delete cascade,
    workspace_id text not null,
    number bigint generated always as identity,
    kind text not null check (kind in ('raised','reminder','solved')),
    channel text not null check (channel in ('mail','hook')),
    recipient text not null,
    state text not null default 'waiting' check (state in ('waiting','sent','given_up')),
    attempts int not null default 0,
    next_try_at timestamptz(3) not null,
    claimed_by text,
    claimed_until timestamptz,
    error text,
    created_at timestamptz(3) not null,
    sent_at timestamptz(3)
  )`,
  `create index alarm_message_alarm on alarm_message (alarm_id, number)`,
  `create index alarm_message_due on alarm_message (next_try_at) where state = 'waiting'`,
  `create table alarm_setting (
    workspace_id text primary key references workspace(id) on delete cascade,
    settings jsonb not null,
    version int not null default 1,
    hook_secret bytea,
    hook_secret_at timestamptz(3),
    hook_secret_before bytea,
    updated_at timestamptz not null default now()
  )`,
  // Changes that reached a flow by themselves, by the hour: what is usual is learned from it.
  `create table activity (
    flow_id text not null,
    hour timestamptz not null,
    changes int not null,
    first_at timestamptz(3) not null,
    last_at timestamptz(3) not null,
    primary key (flow_id, hour)
  ) with (fillfactor = 80)`,
  `create index activity_hour on activity (hour)`,
  `insert into activity (flow_id, hour, changes, first_at, last_at)
   select flow_id, date_trunc('hour', at), count(*), min(at), max(at) from attempt
    where run_id is null and at > now() - interval '35 days'
      and outcome in ('created','updated','skipped','failed','deleted')
    group by 1, 2`,
  `create table reach (
    connection_id text primary key,
    failing_since timestamptz(3),
    failed_at timestamptz(3),
    kind text,
    message text,
    untold int not null default 0,
    untold_since timestamptz(3),
    untold_at timestamptz(3)
  ) with (fillfactor = 80)`,
  `create table lookout (
    name text primary key,
    since timestamptz(3) not null,
    at timestamptz(3) not null,
    detail jsonb not null default '{}'
  )`,
  `alter table flow add column stopped_by text`,
]
