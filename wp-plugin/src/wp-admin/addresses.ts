import type { Addresses } from '../screens/place.tsx'

const MOVED = 'crosswalk:moved'

/** wp-admin's addresses: `admin.php?page=crosswalk&path=/failures&cause=stage`. */
export const adminAddresses: Addresses = {
  read: () => {
    const { page: _page, path = '/', ...query } = Object.fromEntries(new URLSearchParams(location.search))
    return { path, query }
  },
  href: ({ path, query }) => {
    const page = new URLSearchParams(location.search).get('page') ?? 'crosswalk'
    return `${location.pathname}?${new URLSearchParams({ page, path, ...query }).toString()}`
  },
  go: (place) => {
    history.pushState(null, '', adminAddresses.href(place))
    dispatchEvent(new Event(MOVED))
  },
  listen: (changed) => {
    addEventListener('popstate', changed)
    addEventListener(MOVED, changed)
    return () => {
      removeEventListener('popstate', changed)
      removeEventListener(MOVED, changed)
    }
  },
}
