/**
 * Failures: one open line per record and flow with its cause; values that somebody corrected for one go; and the causes
 * of what stands still as a whole.
 */
export const name = '0010-failures'

export const statements: readonly string[] = [
  // No names, addresses or values of customers: params name fields, systems, codes and counts.
  `create table failure (
    id text primary key,
    workspace_id text not null,
    flow_id text not null,
    external_id text not null,
    state text not null default 'open' check (state in ('open','waiting','ignored','ended')),
    cause text not null,
    group_id text not null,
    params jsonb not null default '{}',
    first_at timestamptz(3) not null default now(),
    last_at timestamptz(3) not null default now(),
    tries int not null default 1,
    next_try_at timestamptz(3),
    note text,
    decided_by text,
    kept_error jsonb,
    closed_at timestamptz(3),
    ended_how text check (ended_how in ('itself','retried','edited','left_out'))
  ) with (fillfactor = 80)`,
  `create unique index failure_record on failure (flow_id, external_id) where state <> 'ended'`,
  // Counts by cause are read from it alone, and a cause's records page by it.
  `create index failure_group on failure (workspace_id, state, group_id, first_at desc, flow_id, external_id)
    where state <> 'ended'`,
  `create index failure_closed on failure (workspace_id, state, closed_at desc, id) where closed_at is not null`,
  `create table record_edit (
    flow_id text not null,
    external_id text not null,
    workspace_id text not null,
    sealed bytea not null,
    edited_by text,
    at timestamptz not null default now(),
    primary key (flow_id, external_id)
  )`,
  `create index record_edit_at on record_edit (at)`,
  // What failed before causes were kept: told by its kind, and by more as soon as it is tried again.
  `insert into failure (id, workspace_id, flow_id, external_id, cause, group_id, first_at, last_at, tries)
   select 'fail_' || substr(md5(flow_id || chr(10) || external_id), 1, 24), workspace_id, flow_id, external_id, cause,
          'earlier_' || cause, updated_at, updated_at, greatest(attempts, 1)
     from (select *, case last_error->>'code'
             when 'mapping' then 'rule_failed' when 'missing' then 'part_missing' when 'ambiguous' then 'several_fit'
             when 'conflict' then 'value_taken' when 'invalid' then 'value_refused' when 'policy' then 'settings_forbid'
             when 'not_found' then 'record_gone' when 'forbidden' then 'permission_missing'
             when 'malformed' then 'answer_unreadable' else 'unknown_answer' end as cause
             from link where state = 'failed') as failed`,
  `alter table connection add column state_cause jsonb`,
  `alter table flow add column stopped_cause jsonb`,
  `alter table reach add column named jsonb`,
]
