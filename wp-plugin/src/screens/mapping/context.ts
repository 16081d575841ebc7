import { createContext, useContext } from '@wordpress/element'
import type { TransformInfo } from '@crosswalk/shared/contract'
import type { Field } from '@crosswalk/shared/mapping'
import type { RuleWords } from '../record/rule-words.ts'

/** What every part of the editor may need. */
export interface Catalogues {
  flowId: string
  /** Fields that rules of the open part may read, those found in the sample too. */
  sources: readonly Field[]
  /** What the sample holds, by name of the field. */
  examples: Readonly<Record<string, string>>
  transforms: readonly TransformInfo[]
  lookups: readonly string[]
  words: RuleWords
  /** False where the sample is known to have no such part as the open one. */
  isInSample: boolean
  /** Name of the system that is written to. */
  target: string
  /** False for who may only look. */
  mayChange: boolean
}

const CataloguesContext = createContext<Catalogues | null>(null)
export const CataloguesProvider = CataloguesContext.Provider

export function useCatalogues(): Catalogues {
  const known = useContext(CataloguesContext)
  if (!known) throw new Error('A part of the editor was shown outside of it.')
  return known
}
