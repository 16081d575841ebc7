import { z } from 'zod'
import { AccessKeyId, JsonObject, PageQuery, pageOf, Removed, Time } from './common.ts'
import { CALLER_ROLES, endpoint } from './endpoint.ts'

export const Me = z
  .object({ workspaceId: z.string(), role: z.enum(CALLER_ROLES), actor: z.string() })
  .meta({ id: 'Me' })

export const AccessKey = z
  .object({
    id: AccessKeyId,
    name: z.string(),
    role: z.enum(CALLER_ROLES),
    /** The last characters. */
    hint: z.string(),
    createdAt: Time,
    lastUsedAt: Time.nullable(),
  })
  .meta({ id: 'AccessKey' })

export const AuditEntry = z
  .object({
    id: z.string(),
    at: Time,
    actor: z.string(),
    action: z.string(),
    subject: z.string().nullable(),
    detail: JsonObject,
  })
  .meta({ id: 'AuditEntry' })

export const access = {
  me: endpoint({ method: 'GET', path: '/me', summary: 'Who is calling', response: Me }),
  keys: endpoint({
    method: 'GET',
    path: '/access-keys',
    summary: 'Access keys of the workspace',
    role: 'owner',
    response: z.object({ items: z.array(AccessKey) }),
  }),
  createKey: endpoint({
    method: 'POST',
    path: '/access-keys',
    summary: 'Make an access key; it is shown this once',
    role: 'owner',
    sites: false,
    status: 201,
    body: z.strictObject({ name: z.string().trim().min(1).max(120), role: z.enum(CALLER_ROLES) }),
    response: AccessKey.extend({ key: z.string() }),
  }),
  removeKey: endpoint({
    method: 'DELETE',
    path: '/access-keys/:keyId',
    summary: 'Withdraw an access key; the key in use cannot withdraw itself',
    role: 'owner',
    sites: false,
    params: z.object({ keyId: AccessKeyId }),
    response: Removed,
  }),
  audit: endpoint({
    method: 'GET',
    path: '/audit',
    summary: 'Who changed what, newest first',
    role: 'owner',
    query: PageQuery,
    response: pageOf(AuditEntry),
  }),
}
