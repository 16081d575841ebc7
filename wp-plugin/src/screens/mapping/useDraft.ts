import { useCallback, useState } from '@wordpress/element'
import type { Mapping } from '@crosswalk/shared/contract'
import { MappingDocument } from '@crosswalk/shared/mapping'
import { drop, keep, kept } from '../parts/kept.ts'
import { sameDocument } from './draft.ts'

/** Rules that are being changed, with the version they were made from. */
interface Changed {
  basedOn: number
  document: MappingDocument
}

export interface Draft extends Changed {
  /** Whether anything differs from the version it was made from. */
  isChanged: boolean
  /** Changes of an earlier visit that were found again. */
  isFound: boolean
  change: (document: MappingDocument) => void
  /** From now on these are the rules, as they were saved or as they are to be. */
  settle: (saved: Mapping) => void
  /** What is changed stays, and is to follow a newer version. */
  rebase: (newer: Mapping) => void
  /** The version the changes are measured by. */
  base: Mapping
}

const nameOf = (flowId: string): string => `rules ${flowId}`

/** What an older page kept may be of another shape: then it is no draft. */
function draftOf(value: unknown): Changed | null {
  const { basedOn, document } = (value ?? {}) as Partial<Changed>
  const parsed = MappingDocument.safeParse(document)
  return typeof basedOn === 'number' && parsed.success ? { basedOn, document: parsed.data } : null
}

/**
 * The rules as they are on the page. What is not saved is kept for as long as the tab lives: a reload, or a look at
 * another page, loses nothing.
 */
export function useDraft(flowId: string, current: Mapping): Draft {
  const [base, setBase] = useState<Mapping>(current)
  const [found] = useState<Changed | null>(() => {
    const before = draftOf(kept(nameOf(flowId)))
    return before !== null && !sameDocument(before.document, current.document) ? before : null
  })
  const [isFound, setIsFound] = useState(found !== null)
  const [draft, setDraft] = useState<Changed>(found ?? { basedOn: current.version, document: current.document }) // prettier-ignore

  const set = useCallback(
    (next: Changed, isSaved: boolean) => {
      setDraft(next)
      if (isSaved) drop(nameOf(flowId))
      else keep(nameOf(flowId), next)
    },
    [flowId],
  )
  return {
    ...draft,
    isChanged: !sameDocument(draft.document, base.document),
    isFound,
    change: (document) => set({ ...draft, document }, sameDocument(document, base.document)),
    settle: (saved) => {
      setBase(saved)
      setIsFound(false)
      set({ basedOn: saved.version, document: saved.document }, true)
    },
    rebase: (newer) => {
      setBase(newer)
      set({ ...draft, basedOn: newer.version }, sameDocument(draft.document, newer.document))
    },
    base,
  }
}
