import { randomBytes } from 'node:crypto'
import { Problem } from '../problem.ts'
import type { Service } from '../service-types.ts'
import { addAudit } from '../store/audit.ts'
import { newId } from '../store/ids.ts'
import {
  countPairingTry,
  findPairingCode,
  openPairingKey,
  PAIRING_MINUTES,
  usePairingCode,
} from '../store/pairing-codes.ts'
import type { PairingCodeRow, PairingOffer } from '../store/site-schema.ts'
import { saveSite } from '../store/sites.ts'
import { getWorkspace } from '../store/workspaces.ts'
import { isProof, pairingMac } from './proof.ts'

type Deps = Pick<Service, 'store' | 'vault' | 'clock'>

const ANEW = 'Make a new one in the console of the bridge.'

const spent = (): Problem =>
  new Problem('pairing_code_spent', `This code was used already, or tried too often. ${ANEW}`)
const unknown = (): Problem =>
  new Problem('pairing_code_unknown', `This bridge does not know this code. Type it again, or: ${ANEW}`)

/** An address as it is compared: `https://shop.example.com/sub` for what differs only in case of the host or a slash. */
export function plainUrl(text: string): string {
  const url = new URL(text)
  return `${url.origin}${url.pathname.replace(/\/+$/, '')}`
}

/** The code, while it may be used. @throws Problem that names why not */
async function usableCode(deps: Deps, codeName: string): Promise<PairingCodeRow> {
  const row = await findPairingCode(deps.store.db, codeName)
  if (row === undefined) throw unknown()
  if (row.used_at !== null) throw spent()
  if (row.expired) {
    throw new Problem('pairing_code_expired', `Codes live ${PAIRING_MINUTES} minutes. ${ANEW}`)
  }
  return row
}

/**
 * A site begins: it names the code and gets the bridge's proof. Nothing is made yet; each beginning is one of the code's
 * few tries, and only the last one can be finished.
 */
export async function startPairing(
  deps: Deps,
  from: { codeName: string; site: string; nonce: string; pluginVersion: string },
): Promise<{ siteId: string; nonce: string; proof: string; time: number }> {
  const code = await usableCode(deps, from.codeName)
  if (code.site_url !== null && code.site_url !== plainUrl(from.site)) {
    const { host } = new URL(code.site_url)
    throw new Problem('pairing_code_other_site', `This code belongs to ${host}. ${ANEW}`)
  }
  const offer: PairingOffer = {
    siteId: newId('site'),
    siteUrl: from.site,
    pluginVersion: from.pluginVersion,
    siteNonce: from.nonce,
    bridgeNonce: randomBytes(32).toString('hex'),
  }
  if (!(await countPairingTry(deps.store.db, code.id, offer))) throw spent()
  const proof = pairingMac(openPairingKey(code, deps.vault), 'bridge', offer)
  return {
    siteId: offer.siteId,
    nonce: offer.bridgeNonce,
    proof: proof.toString('hex'),
    time: Math.floor(deps.clock.now() / 1_000),
  }
}

/** The site proves that it knows the code too: the code is used up, and the site may sign its requests. */
export async function finishPairing(
  deps: Deps,
  from: { codeName: string; siteId: string; proof: string },
): Promise<{ siteId: string; workspace: string }> {
  const code = await usableCode(deps, from.codeName)
  const { offer } = code
  if (offer === null || offer.siteId !== from.siteId) throw unknown()
  const key = openPairingKey(code, deps.vault)
  if (!isProof(from.proof, pairingMac(key, 'site', offer))) {
    // What was offered is gone with it: each proof has one guess.
    await countPairingTry(deps.store.db, code.id, null)
    throw unknown()
  }
  const workspace = await deps.store.db.transaction().execute(async (tx) => {
    if (!(await usePairingCode(tx, code.id))) throw spent()
    const url = plainUrl(offer.siteUrl)
    await saveSite(
      tx,
      {
        id: offer.siteId,
        workspaceId: code.workspace_id,
        url,
        pluginVersion: offer.pluginVersion,
        key: pairingMac(key, 'key', offer),
      },
      deps.vault,
    )
    await addAudit(tx, {
      workspaceId: code.workspace_id,
      actor: code.created_by,
      action: 'site.paired',
      subject: offer.siteId,
      detail: { url },
    })
    return getWorkspace(tx, code.workspace_id)
  })
  return { siteId: offer.siteId, workspace: workspace?.name ?? '' }
}
