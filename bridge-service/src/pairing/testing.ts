import { createHash, randomBytes } from 'node:crypto'
import { API_PREFIX, type CallerRole } from '@crosswalk/shared/contract'
import { signatureHeader, signatureOf, type SignedClaims } from '../api/signature.ts'
import { derivedFrom } from './code.ts'
import { isProof, pairingMac } from './proof.ts'

/** A site that speaks with a bridge as the plugin does. */
export interface TestSite {
  id: string
  key: Buffer
}

type Json = Record<string, unknown>
const post = async (url: string, body: unknown): Promise<{ status: number; json: Json }> => {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  return { status: response.status, json: (await response.json()) as Json }
}

/** A site's first step with a code. @param bridge address of the service */
export async function begin(bridge: string, code: string, site: string) {
  const nonce = randomBytes(32).toString('hex')
  const { name, key } = derivedFrom(code)
  const answer = await post(`${bridge}${API_PREFIX}/pairing/start`, {
    codeName: name,
    site,
    nonce,
    pluginVersion: '0.1.0',
  })
  const offer = {
    siteId: String(answer.json['siteId']),
    siteUrl: site,
    pluginVersion: '0.1.0',
    siteNonce: nonce,
    bridgeNonce: String(answer.json['nonce']),
  }
  return { ...answer, codeName: name, codeKey: key, offer }
}

/** Its second step. @param role whose proof it sends; a cheat sends the bridge's own */
export const finish = (
  bridge: string,
  { codeName, codeKey, offer }: Pick<Awaited<ReturnType<typeof begin>>, 'codeName' | 'codeKey' | 'offer'>,
  role: 'site' | 'bridge' = 'site',
) =>
  post(`${bridge}${API_PREFIX}/pairing/finish`, {
    codeName,
    siteId: offer.siteId,
    proof: pairingMac(codeKey, role, offer).toString('hex'),
  })

/** Pairs a site with a code. @throws when either side does not prove itself */
export async function pairSite(bridge: string, code: string, site: string): Promise<TestSite> {
  const begun = await begin(bridge, code, site)
  if (begun.status !== 200) throw new Error(JSON.stringify(begun.json))
  const right = pairingMac(begun.codeKey, 'bridge', begun.offer)
  if (!isProof(String(begun.json['proof']), right)) throw new Error('the bridge does not know the code')
  const { status, json } = await finish(bridge, begun)
  if (status !== 200) throw new Error(JSON.stringify(json))
  return { id: begun.offer.siteId, key: pairingMac(begun.codeKey, 'key', begun.offer) }
}

export interface SignedRequest {
  method?: string
  /** Below `API_PREFIX`, with its query. */
  path: string
  body?: string
  role?: CallerRole
  userId?: string
  /** Seconds that the site's clock is ahead. */
  ahead?: number
  nonce?: string
}

/** Headers of a signed request. */
export function signed(site: TestSite, of: SignedRequest): Record<string, string> {
  const claims: SignedClaims = {
    siteId: site.id,
    userId: of.userId ?? '7',
    role: of.role ?? 'owner',
    time: Math.floor(Date.now() / 1_000) + (of.ahead ?? 0),
    nonce: of.nonce ?? randomBytes(16).toString('hex'),
    body: createHash('sha256')
      .update(of.body ?? '')
      .digest('hex'),
  }
  const signature = signatureOf(site.key, of.method ?? 'GET', API_PREFIX + of.path, claims)
  return {
    authorization: signatureHeader(claims, signature),
    ...(of.body === undefined ? {} : { 'content-type': 'application/json' }),
  }
}
