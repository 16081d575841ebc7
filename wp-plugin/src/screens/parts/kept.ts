/** What is not saved yet is kept by the browser, per tab, until the tab is closed. */
const PREFIX = 'crosswalk '

/** Keeps a value; where the browser keeps nothing (private mode, no room) it is lost with the page, as ever. */
export function keep(name: string, value: unknown): void {
  try {
    sessionStorage.setItem(PREFIX + name, JSON.stringify(value))
  } catch {
    drop(name)
  }
}

/** What was kept under a name, or null. The shape is the caller's to judge: an older page may have kept it. */
export function kept(name: string): unknown {
  try {
    return JSON.parse(sessionStorage.getItem(PREFIX + name) ?? 'null') as unknown
  } catch {
    return null
  }
}

export function drop(name: string): void {
  try {
    sessionStorage.removeItem(PREFIX + name)
  } catch {
    // Nothing was kept.
  }
}
