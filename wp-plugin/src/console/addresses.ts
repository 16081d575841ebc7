import type { Addresses } from '../screens/place.tsx'

/** The console's addresses: `/#/failures?cause=stage`. */
export const consoleAddresses: Addresses = {
  read: () => {
    const [path = '', query = ''] = location.hash.replace(/^#/, '').split('?')
    return { path: path === '' ? '/' : path, query: Object.fromEntries(new URLSearchParams(query)) }
  },
  href: ({ path, query }) => {
    const text = new URLSearchParams(query).toString()
    return `#${path}${text === '' ? '' : `?${text}`}`
  },
  go: (place) => void (location.hash = consoleAddresses.href(place)),
  listen: (changed) => {
    addEventListener('hashchange', changed)
    return () => removeEventListener('hashchange', changed)
  },
}
