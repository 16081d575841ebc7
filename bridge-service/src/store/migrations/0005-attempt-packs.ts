/**
 * What attempts keep of drafts and traces goes into one sealed pack per batch: packed together it takes a third of the
 * room and a fifth of the work. Details kept one by one before this are given up; their history lines stay.
 */
export const name = '0005-attempt-packs'

export const statements: readonly string[] = [
  `create table attempt_pack (
    id text primary key,
    workspace_id text not null,
    flow_id text not null,
    failed_id text,
    at timestamptz not null default now(),
    sealed bytea not null
  )`,
  `create index attempt_pack_flow on attempt_pack (flow_id)`,
  `create index attempt_pack_at on attempt_pack (at)`,
  `drop index attempt_detail`,
  `alter table attempt drop column detail, add column pack text`,
  // History is written in the order of time and looked through by time only to be trimmed.
  `drop index attempt_at`,
  `create index attempt_at on attempt using brin (at) with (pages_per_range = 32)`,
]
