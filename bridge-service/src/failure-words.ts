import { renderCause, renderGroup, type CauseParams, type RenderedCause } from '@crosswalk/shared/causes'

/** A cause as it is stored; a newer version may have stored a key that this one does not know. */
export interface StoredCause {
  cause: string
  params: CauseParams
}

/** The cause of one record's failure, in words. */
export const causeWords = ({ cause, params }: StoredCause): RenderedCause =>
  renderCause({ key: cause as never, params })

/** The cause of a group, in words that hold for all of it. @param more params of the group itself, such as its number */
export function groupWords({ cause, params }: StoredCause, more: CauseParams = {}): RenderedCause {
  const ref = { key: cause as never, params }
  // Those that are told apart by their field have its name for people in common as well.
  const { field, label } = params
  const common = field === undefined || label === undefined ? more : { label, ...more }
  return { ...renderGroup(ref, common), target: renderCause(ref).target }
}
