import { subscribe, unsubscribe } from 'node:diagnostics_channel'

/** Channels on which undici tells of its requests, and whether one begins or is over. */
const CHANNELS = {
  'undici:request:create': 'begins',
  'undici:request:trailers': 'over',
  'undici:request:error': 'over',
} as const

/** Calls of this process to one origin that have begun and are not over. */
export function callsUnderWay(): { to: (origin: string) => void; count: () => number; stop: () => void } {
  let origin: string | null = null
  const open = new Set<object>()
  const listeners = Object.entries(CHANNELS).map(([channel, what]) => {
    const listener = (message: unknown): void => {
      const { request } = message as { request: { origin: string } }
      if (what === 'over') open.delete(request)
      else if (origin !== null && String(request.origin) === origin) open.add(request)
    }
    subscribe(channel, listener)
    return () => unsubscribe(channel, listener)
  })
  return {
    to: (url) => void (origin = new URL(url).origin),
    count: () => open.size,
    stop: () => listeners.forEach((end) => end()),
  }
}
