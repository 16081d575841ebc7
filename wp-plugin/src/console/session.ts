const NAME = 'crosswalk.key'

/** True for what looks like an access key. */
export const looksLikeKey = (text: string): boolean => /^cw_\w{1,100}$/.test(text)

/** How somebody comes to the console: with a link, with an access key, or as who is signed in with this browser. */
export type Way =
  | { kind: 'set-up'; code: string }
  | { kind: 'invitation'; code: string }
  | { kind: 'key'; key: string }
  | { kind: 'session' }

/** Whether the address carries a key or a code (`#key=…`, `#set-up=…`, `#invitation=…`). */
export const carriesWay = (hash: string): boolean => /^#(key|set-up|invitation)=/.test(hash)

/**
 * The way this tab takes. What came in the address is taken out of it at once, so that it stays in no history and no
 * bookmark; a key is kept in the tab's own storage.
 */
export function takeWay(): Way {
  const given = new URLSearchParams(location.hash.replace(/^#/, ''))
  if (carriesWay(location.hash)) history.replaceState(null, '', `${location.pathname}#/`)
  const key = given.get('key')?.trim()
  if (key !== undefined && looksLikeKey(key)) keepKey(key)
  for (const kind of ['set-up', 'invitation'] as const) {
    const code = given.get(kind)?.trim()
    if (code) return { kind, code }
  }
  const kept = sessionStorage.getItem(NAME)
  return kept === null ? { kind: 'session' } : { kind: 'key', key: kept }
}

export const keepKey = (key: string): void => sessionStorage.setItem(NAME, key)
export const dropKey = (): void => sessionStorage.removeItem(NAME)
