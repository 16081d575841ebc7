import type { Part, RecordWork } from './work.ts'

const NAMES: Readonly<Record<string, [string, string]>> = {
  document: ['document', 'documents'],
  line: ['line', 'lines'],
  contact: ['contact', 'contacts'],
  company: ['company', 'companies'],
  product: ['product', 'products'],
  category: ['category', 'categories'],
}

function counted(parts: readonly Part[], verb: string): string[] {
  const byRole = new Map<string, number>()
  for (const part of parts) byRole.set(part.role, (byRole.get(part.role) ?? 0) + 1)
  return [...byRole].map(([role, count]) => {
    const [one, many] = NAMES[role] ?? [role, role]
    return `${verb} ${count} ${count === 1 ? one : many}`
  })
}

/** One sentence on what a go through the pipeline did to a record: no personal data. */
export function describeAttempt(work: RecordWork): string {
  const outcome = work.outcome
  if (!outcome) return ''
  if (outcome.result === 'failed') return outcome.failure.message
  if (outcome.result === 'skipped') return outcome.reason
  if (outcome.result === 'waiting') return outcome.reason
  if (outcome.result === 'deleted') return 'It was deleted at the source; the target says so now.'
  const parts = work.parts.concat(work.removed)
  const said = [
    ...counted(parts.filter((part) => part.wrote === 'create'), 'made'), // prettier-ignore
    ...counted(parts.filter((part) => part.wrote === 'update'), 'changed'), // prettier-ignore
    ...counted(parts.filter((part) => part.wrote === 'archive'), 'took away'), // prettier-ignore
    ...counted(parts.filter((part) => part.foundBy === 'key' || part.foundBy === 'match' || part.foundBy === 'exists'), 'found'), // prettier-ignore
  ]
  const text = said.length === 0 ? 'nothing to change' : said.join(', ')
  return work.warnings.length === 0 ? text : `${text}; ${work.warnings.join(' ')}`
}
