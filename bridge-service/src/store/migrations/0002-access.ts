/** Keys of the API, sign-ins under way, and who renews a token. */
export const name = '0002-access'

export const statements: readonly string[] = [
  `create table access_key (
    id text primary key,
    workspace_id text not null references workspace(id) on delete cascade,
    name text not null,
    role text not null check (role in ('owner','operator','viewer')),
    hash bytea not null,
    hint text not null,
    created_at timestamptz not null default now(),
    last_used_at timestamptz
  )`,
  `create index access_key_workspace on access_key (workspace_id)`,
  `create table oauth_state (
    state_hash text primary key,
    workspace_id text not null references workspace(id) on delete cascade,
    connector text not null,
    method text not null,
    settings jsonb not null default '{}',
    verifier bytea,
    created_at timestamptz not null default now(),
    used_at timestamptz
  )`,
  `create index oauth_state_created on oauth_state (created_at)`,
  `create table refresh_lock (
    connection_id text primary key,
    holder text not null,
    until timestamptz not null
  )`,
]
