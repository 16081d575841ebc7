import type { Api } from '../bridge.tsx'

/** Tries all of one cause again, in as many calls as it takes. @returns how many the bridge has taken on */
export async function retryGroup(
  api: Api,
  group: { flowId: string; code: string; count: number },
): Promise<number> {
  let accepted = 0
  for (let more = true; more && accepted < group.count;) {
    const answer = await api.failures.retry({ body: { flowId: group.flowId, code: group.code } })
    accepted += answer.accepted
    more = answer.more && answer.accepted > 0
  }
  return accepted
}
