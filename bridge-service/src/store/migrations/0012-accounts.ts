/** People of the console: accounts, where they are signed in, links that invite, and wrong tries. */
export const name = '0012-accounts'

export const statements: readonly string[] = [
  // An e-mail address signs in without saying which workspace, so it belongs to one account of all.
  `create table account (
    id text primary key,
    workspace_id text not null references workspace(id) on delete cascade,
    email text not null unique,
    name text not null,
    role text not null check (role in ('owner','operator','viewer')),
    password text not null,
    password_at timestamptz(3) not null,
    totp_secret bytea,
    totp_pending bytea,
    totp_step bigint,
    created_at timestamptz(3) not null
  )`,
  `create index account_workspace on account (workspace_id, created_at, id)`,
  `create table recovery_code (
    account_id text not null references account(id) on delete cascade,
    hash bytea not null,
    primary key (account_id, hash)
  )`,
  `create table session (
    id text primary key,
    token_hash bytea not null unique,
    account_id text not null references account(id) on delete cascade,
    agent text not null,
    created_at timestamptz(3) not null,
    seen_at timestamptz(3) not null,
    expires_at timestamptz(3) not null
  )`,
  `create index session_account on session (account_id)`,
  `create table invitation (
    id text primary key,
    code_hash bytea not null unique,
    workspace_id text not null references workspace(id) on delete cascade,
    kind text not null check (kind in ('invite','renew')),
    account_id text references account(id) on delete cascade,
    email text not null,
    role text not null check (role in ('owner','operator','viewer')),
    created_by text not null,
    created_at timestamptz(3) not null,
    expires_at timestamptz(3) not null
  )`,
  `create index invitation_workspace on invitation (workspace_id, created_at, id)`,
  // Keyed hashes of what was tried, also of addresses that nobody has.
  `create table wrong_try (
    key text primary key,
    tries int not null,
    last_at timestamptz(3) not null,
    wait_until timestamptz(3) not null
  ) with (fillfactor = 80)`,
  `create index wrong_try_last on wrong_try (last_at)`,
  // A sign-in at another system comes back to the browser session it began in.
  `alter table oauth_state add column session_id text`,
]
