import type { ColumnType, Generated, Selectable } from 'kysely'
import type { OrNull, Time, TimeOrNull } from './schema.ts'

/** A WordPress site that signs its requests. */
export interface SiteTable {
  id: string
  workspace_id: string
  url: string
  plugin_version: string
  /** What it signs with; sealed by the vault. */
  key: Uint8Array
  created_at: Generated<Date>
  last_seen_at: TimeOrNull
}

/** What the bridge proposed to the site that named a code last. */
export interface PairingOffer {
  siteId: string
  siteUrl: string
  pluginVersion: string
  siteNonce: string
  bridgeNonce: string
}

/** A one-time code. The store has what is derived from it, never the code. */
export interface PairingCodeTable {
  id: string
  workspace_id: string
  /** Derived from the code: how a site names it. */
  name: string
  /** Derived from the code: what both sides prove to know; sealed by the vault. */
  key: Uint8Array
  /** The only site that may use it; null: any. */
  site_url: OrNull<string>
  created_by: string
  created_at: Generated<Date>
  tries: Generated<number>
  used_at: TimeOrNull
  offer: ColumnType<PairingOffer | null, string | null | undefined, string | null>
}

/** What a site has used in signed requests of late, so that none is taken twice. */
export interface SiteNonceTable {
  site_id: string
  nonce: string
  at: Time
}

export interface SiteTables {
  site: SiteTable
  pairing_code: PairingCodeTable
  site_nonce: SiteNonceTable
}

export type SiteRow = Selectable<SiteTable>
export type PairingCodeRow = Selectable<PairingCodeTable>
