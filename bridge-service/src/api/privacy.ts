import type { contract, KeptOfPerson } from '@crosswalk/shared/contract'
import type { z } from 'zod'
import { normaliseEmail } from '@crosswalk/shared/model'
import { Problem } from '../problem.ts'
import type { Service } from '../service-types.ts'
import { addAudit } from '../store/audit.ts'
import { listAttemptsOf } from '../store/attempts.ts'
import { eraseSubject, findPayloads, openPayload } from '../store/payloads.ts'
import type { GroupHandlers } from './mount.ts'
import { detailOf } from './records.ts'
import { instant } from './views.ts'

/** Attempts in one export; each may carry an order with all its lines. */
const MOST = 200

/** What is kept of a person is found by a keyed hash of the e-mail address; the audit names nobody. */
export function privacyHandlers(service: Service): GroupHandlers<typeof contract.privacy> {
  const { db } = service.store
  const subjectOf = (email: string): string => {
    const address = normaliseEmail(email)
    if (address === null) throw new Problem('bad_request', 'This is no e-mail address.')
    return service.vault.keyedHash(address)
  }
  return {
    export: async ({ caller, body }) => {
      const subject = subjectOf(body.email)
      const payloads = await findPayloads(db, caller.workspaceId, subject)
      const attempts = await listAttemptsOf(db, caller.workspaceId, subject, MOST + 1)
      const items: z.input<typeof KeptOfPerson>[] = payloads.map(({ id, kind, sealed }) => ({
        kind,
        at: null,
        content: openPayload(sealed, id, caller.workspaceId, service.vault),
      }))
      for (const attempt of attempts.slice(0, MOST)) {
        const content = await detailOf(attempt, service)
        if (content !== null) items.push({ kind: 'attempt', at: instant(attempt.at), content })
      }
      await addAudit(db, { ...caller, action: 'person.exported', detail: { items: items.length } })
      return { items, more: attempts.length > MOST }
    },
    erase: async ({ caller, body }) =>
      db.transaction().execute(async (tx) => {
        const erased = await eraseSubject(tx, caller.workspaceId, subjectOf(body.email), service.vault)
        await addAudit(tx, { ...caller, action: 'person.erased', detail: { erased } })
        return { erased }
      }),
  }
}
