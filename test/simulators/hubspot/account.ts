import type { SimReply } from '../server.ts'
import { readLimit, type Call } from './call.ts'
import { notFound } from './errors.ts'

/** `GET /account-info/:v/details`. */
export function accountDetails(call: Call): SimReply {
  const [companyCurrency, ...additionalCurrencies] = call.account.currencies
  return {
    status: 200,
    body: {
      portalId: call.account.portalId,
      accountType: 'STANDARD',
      timeZone: 'Europe/Brussels',
      companyCurrency,
      additionalCurrencies,
      utcOffset: '+01:00',
      utcOffsetMilliseconds: 3_600_000,
      uiDomain: 'app-eu1.hubspot.com',
      dataHostingLocation: 'eu1',
    },
  }
}

/** Routes below `/crm/owners/:v`. @throws ApiError 404 */
export function ownerRoutes(call: Call): SimReply {
  const { query } = call.request
  const wire = (owner: { createdAt?: string }) => ({
    ...owner,
    type: 'PERSON',
    createdAt: '2026-01-01T00:00:00.000Z',
    updatedAt: '2026-01-01T00:00:00.000Z',
  })
  const [id] = call.rest
  if (id) {
    const owner = call.account.owners.get(id)
    if (!owner) throw notFound(`Owner ${id} does not exist`)
    return { status: 200, body: wire(owner as object) }
  }
  const limit = readLimit(query.get('limit'), 100, 500)
  const email = query.get('email')?.toLowerCase()
  const archived = query.get('archived') === 'true'
  const all = [...call.account.owners.values()]
    .filter((owner) => owner.archived === archived && (!email || owner.email === email))
    .filter((owner) => Number(owner.id) > Number(query.get('after') ?? 0))
  const results = all.slice(0, limit)
  const paging = all.length > limit ? { paging: { next: { after: results.at(-1)?.id } } } : {}
  return { status: 200, body: { results: results.map((owner) => wire(owner as object)), ...paging } }
}
