import { DEFAULT_TOKEN, type HubSpotSimulator } from './index.ts'

/** An answer; `body` is left untyped because tests look into it by path. */
export interface Answer {
  status: number
  headers: Headers
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  body: any
}

/** Calls a simulator with a bearer token; `path` without the origin. */
export async function send(
  sim: HubSpotSimulator,
  method: string,
  path: string,
  body?: unknown,
  token: string | null = DEFAULT_TOKEN,
): Promise<Answer> {
  const headers: Record<string, string> = token === null ? {} : { authorization: `Bearer ${token}` }
  if (body !== undefined) headers['content-type'] = 'application/json'
  const response = await fetch(sim.url + path, {
    method,
    headers,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  const text = await response.text()
  return {
    status: response.status,
    headers: response.headers,
    body: text === '' ? undefined : JSON.parse(text),
  }
}

/** `O` of an object: the dated path. */
export const O = (object: string): string => `/crm/objects/2026-09/${object}`

/** One inline association with HubSpot's own types. */
export const link = (id: string, ...typeIds: number[]) => ({
  to: { id },
  types: typeIds.map((associationTypeId) => ({ associationCategory: 'HUBSPOT_DEFINED', associationTypeId })),
})

/** Makes the group `bridge` and a unique text property in it. */
export async function uniqueProperty(sim: HubSpotSimulator, object: string, name: string): Promise<void> {
  await send(sim, 'POST', `/crm/properties/2026-09/${object}/groups`, { name: 'bridge', label: 'Bridge' })
  const definition = {
    name,
    label: name,
    type: 'string',
    fieldType: 'text',
    groupName: 'bridge',
    hasUniqueValue: true,
  }
  const { status } = await send(sim, 'POST', `/crm/properties/2026-09/${object}`, definition)
  if (status !== 201) throw new Error(`property ${name}: ${status}`)
}

/** Posts a form, as the OAuth endpoints want it. */
export async function sendForm(
  sim: HubSpotSimulator,
  path: string,
  form: Record<string, string>,
): Promise<Answer> {
  const response = await fetch(sim.url + path, { method: 'POST', body: new URLSearchParams(form) })
  const text = await response.text()
  return {
    status: response.status,
    headers: response.headers,
    body: text === '' ? undefined : JSON.parse(text),
  }
}
