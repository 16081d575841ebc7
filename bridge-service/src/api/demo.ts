import type { contract } from '@crosswalk/shared/contract'
import type { Service } from '../service-types.ts'
import { addAudit } from '../store/audit.ts'
import type { GroupHandlers } from './mount.ts'

export const demoHandlers = (service: Service): GroupHandlers<typeof contract.demo> => ({
  start: async ({ caller }) => {
    await addAudit(service.store.db, { ...caller, action: 'demo.started' })
    return service.demo.start(caller.workspaceId)
  },
  get: async ({ caller }) => service.demo.state(caller.workspaceId),
})
