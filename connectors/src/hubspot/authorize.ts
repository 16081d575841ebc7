import type { OutgoingRequest } from '../sdk/index.ts'
import type { HubSpotCredentials } from './credentials.ts'

/** Both kinds of key are bearer tokens. */
export function authorize(
  _request: OutgoingRequest,
  credentials: HubSpotCredentials,
): { headers: Record<string, string> } {
  const token = credentials.kind === 'oauth' ? credentials.accessToken : credentials.token
  return { headers: { authorization: `Bearer ${token}` } }
}
