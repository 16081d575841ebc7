import type { MappingDocument } from '../mapping/rule.ts'
import type { Constant } from './common.ts'

/**
 * A mapping with the flow's fixed values added at the end of their parts, where they win over rules on the same
 * field. Constants of parts the mapping does not have are left out; the given document stays as it is.
 */
export function withConstants(document: MappingDocument, constants: readonly Constant[]): MappingDocument {
  if (constants.length === 0) return document
  const parts = Object.entries(document.parts).map(([name, part]) => {
    const added = constants
      .filter((constant) => constant.part === name)
      .map(({ target, value }) => ({
        target,
        value: { kind: 'constant' as const, value },
        transforms: [],
        on: 'both' as const,
        onEmpty: 'omit' as const,
      }))
    return [name, added.length === 0 ? part : { ...part, rules: [...part.rules, ...added] }] as const
  })
  return { parts: Object.fromEntries(parts) }
}
