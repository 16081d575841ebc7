/** WordPress sites that sign their requests, the codes they are paired with, and what they have signed of late. */
export const name = '0011-sites'

export const statements: readonly string[] = [
  `create table site (
    id text primary key,
    workspace_id text not null references workspace(id) on delete cascade,
    url text not null,
    plugin_version text not null,
    key bytea not null,
    created_at timestamptz not null default now(),
    last_seen_at timestamptz,
    unique (workspace_id, url)
  )`,
  `create table pairing_code (
    id text primary key,
    workspace_id text not null references workspace(id) on delete cascade,
    name text not null unique,
    key bytea not null,
    site_url text,
    created_by text not null,
    created_at timestamptz not null default now(),
    tries int not null default 0,
    used_at timestamptz,
    offer jsonb
  )`,
  `create index pairing_code_created on pairing_code (created_at)`,
  `create table site_nonce (
    site_id text not null references site(id) on delete cascade,
    nonce text not null,
    at timestamptz not null default now(),
    primary key (site_id, nonce)
  )`,
  `create index site_nonce_at on site_nonce (at)`,
]
