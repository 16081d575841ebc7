/**
 * What is asked of people before and while records are written: of several records in the target, which one is meant;
 * what a run of a match report or a preview found; and since when a flow has been live, by its source's clock.
 */
export const name = '0009-look-first'

export const statements: readonly string[] = [
  // No names or addresses: who is meant is read from both systems when somebody looks.
  `create table match_case (
    id text primary key,
    workspace_id text not null,
    flow_id text not null references flow(id) on delete cascade,
    role text not null,
    object text not null,
    external_id text not null,
    candidates jsonb not null,
    state text not null default 'open' check (state in ('open','candidate','create','leave_out')),
    target_id text,
    decided_by text,
    decided_at timestamptz(3),
    created_at timestamptz(3) not null default now(),
    updated_at timestamptz(3) not null default now()
  )`,
  `create index match_case_flow on match_case (flow_id, created_at, id)`,
  `create index link_match on link (flow_id, (last_error->>'match')) where last_error->>'match' is not null`,
  // One row per customer, company, product …, however many records of the run speak of it.
  `create table match_entry (
    run_id text not null references run(id) on delete cascade,
    role text not null,
    id text not null,
    outcome text not null,
    found_by text not null default '',
    records int not null default 1,
    primary key (run_id, role, id)
  )`,
  `create table preview_record (
    run_id text not null references run(id) on delete cascade,
    seq bigint not null,
    external_id text not null,
    label text,
    action text not null check (action in ('create','update','unchanged','skip','fail')),
    cause text,
    reason text,
    payload_id text,
    primary key (run_id, seq)
  )`,
  `create index preview_record_action on preview_record (run_id, action, seq)`,
  `alter table run drop constraint run_kind_check,
     add constraint run_kind_check check (kind in ('backfill','sweep','preview','replay','reconcile','match'))`,
  `alter table flow add column live_from timestamptz(3)`,
]
