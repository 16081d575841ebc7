/** What the daily comparison of both sides of a flow found. */
export const name = '0003-reconcile'

export const statements: readonly string[] = [
  // currency is '' where records carry no amounts.
  `create table reconcile_day (
    flow_id text not null references flow(id) on delete cascade,
    workspace_id text not null,
    day date not null,
    currency text not null,
    source_count int not null,
    source_sum numeric,
    target_count int not null,
    target_sum numeric,
    missing int not null,
    incomplete int not null,
    differing int not null,
    failed int not null,
    examples jsonb not null default '[]',
    checked_at timestamptz(3) not null,
    primary key (flow_id, day, currency)
  )`,
  `create index reconcile_day_workspace on reconcile_day (workspace_id, checked_at desc)`,
  `create index reconcile_day_day on reconcile_day (day)`,
]
