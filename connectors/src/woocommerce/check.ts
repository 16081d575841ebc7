import type { CheckReport, Context, Conversation, Finding } from '../sdk/index.ts'
import { tryKeys } from './check-keys.ts'
import { readShop } from './check-shop.ts'
import { findSite } from './check-site.ts'
import { shopIdentity } from './identity.ts'
import { originOf, type WooSettings } from './settings.ts'

/**
 * The connect check: finds the API, the way the shop takes its keys, and what the connector needs to know of the shop.
 * It changes nothing. Every failure names its cause and what to do; a failed step ends the check.
 */
export function* check(context: Context<WooSettings>): Conversation<CheckReport> {
  const { shopUrl } = context.settings
  const host = new URL(shopUrl).host
  const site = yield* findSite(shopUrl)
  const report = (findings: readonly Finding[], facts = {}): CheckReport => ({
    findings,
    origin: originOf(shopUrl),
    account: site.name === '' ? host : `${site.name} (${host})`,
    identity: shopIdentity(site.home),
    facts,
  })
  if (site.root === null) return report(site.findings)
  const root = { restRoot: site.root }
  const keys = yield* tryKeys(root, shopUrl)
  const findings = [...site.findings, ...keys.findings]
  if (keys.way === null) return report(findings)
  const shop = yield* readShop(root, keys.way, keys, site, shopUrl)
  return report([...findings, ...shop.findings], { ...shop.facts })
}
