const NAME = 'crosswalk.key'

/** True for what looks like an access key. */
export const looksLikeKey = (text: string): boolean => /^cw_\w{1,100}$/.test(text)

/**
 * The key of this tab. One that came in the address (`#key=cw_…`) is moved into the tab's own storage and taken out of
 * the address at once, so that it stays in no history and no bookmark.
 */
export function takeKey(): string | null {
  const given = new URLSearchParams(location.hash.replace(/^#/, '')).get('key')
  if (given !== null) {
    history.replaceState(null, '', `${location.pathname}#/`)
    if (looksLikeKey(given.trim())) keepKey(given.trim())
  }
  return sessionStorage.getItem(NAME)
}

export const keepKey = (key: string): void => sessionStorage.setItem(NAME, key)
export const dropKey = (): void => sessionStorage.removeItem(NAME)
