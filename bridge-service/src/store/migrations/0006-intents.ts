/**
 * What a batch is about to create, as one row. It goes with the batch's outcome; what is left of a batch that came to
 * none is moved to its links when somebody takes one of its records over.
 */
export const name = '0006-intents'

export const statements: readonly string[] = [
  `create table intent (
    id text primary key,
    flow_id text not null,
    external_ids text[] not null,
    rows jsonb not null,
    at timestamptz not null default now()
  ) with (autovacuum_vacuum_threshold = 500, autovacuum_vacuum_scale_factor = 0)`,
]
