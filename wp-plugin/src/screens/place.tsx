import type { AnchorHTMLAttributes, MouseEvent, ReactNode } from 'react'
import { Button } from '@wordpress/components'
import { createContext, useContext, useEffect, useState } from '@wordpress/element'

type Query = Readonly<Record<string, string>>

/** Where in the screens the user is, and what filters are set: `/failures` with `{cause: 'stage'}`. */
export interface Place {
  path: string
  query: Query
}

/** How a face keeps the place in its address. */
export interface Addresses {
  read: () => Place
  href: (place: Place) => string
  go: (place: Place) => void
  /** @returns how to stop listening */
  listen: (changed: () => void) => () => void
}

interface Routing extends Place {
  addresses: Addresses
}
const RoutingContext = createContext<Routing | null>(null)

export function PlaceProvider({ addresses, children }: { addresses: Addresses; children: ReactNode }) {
  const [place, setPlace] = useState(addresses.read)
  useEffect(() => addresses.listen(() => setPlace(addresses.read())), [addresses])
  return <RoutingContext.Provider value={{ ...place, addresses }}>{children}</RoutingContext.Provider>
}

function useRouting(): Routing {
  const routing = useContext(RoutingContext)
  if (!routing) throw new Error('A screen was shown outside of its frame.')
  return routing
}

/** The pages there are, by the first part of their addresses; null: not known. */
export const PagesContext = createContext<readonly string[] | null>(null)

/** Whether an address leads to a page of this face. */
export function useIsPage(): (path: string) => boolean {
  const pages = useContext(PagesContext)
  return (path) => pages === null || pages.includes(partsOf(path)[0] ?? '')
}

/** Empty filters are left out of addresses. */
const filled = (query: Query): Query =>
  Object.fromEntries(Object.entries(query).filter(([, value]) => value !== ''))

export function usePlace(): Place & { go: (path: string, query?: Query) => void } {
  const { path, query, addresses } = useRouting()
  return { path, query, go: (to, filters = {}) => addresses.go({ path: to, query: filled(filters) }) }
}

/** Address and handler of a link: new tabs, bookmarks and Back work as anywhere. */
function useLink(
  to: string,
  query: Query,
): { href: string; onClick: (event: MouseEvent<HTMLElement>) => void } {
  const { addresses } = useRouting()
  const place = { path: to, query: filled(query) }
  const onClick = (event: MouseEvent<HTMLElement>): void => {
    if (event.defaultPrevented || event.button !== 0) return
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return
    event.preventDefault()
    addresses.go(place)
  }
  return { href: addresses.href(place), onClick }
}

const NONE: Query = {}

/** A link to another place. */
export const PlaceLink = ({ to, query = NONE, ...rest }: { to: string; query?: Query } & AnchorHTMLAttributes<HTMLAnchorElement>) => (
  <a {...rest} {...useLink(to, query)} />
) // prettier-ignore

/** The same, looking like a button. */
export const PlaceButton = (props: { to: string; query?: Query; variant?: 'primary' | 'secondary'; children: ReactNode }) => (
  <Button __next40pxDefaultSize variant={props.variant ?? 'secondary'} {...useLink(props.to, props.query ?? NONE)}>
    {props.children}
  </Button>
) // prettier-ignore

const decoded = (text: string): string => {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

/** The parts of a path: `/records/flow_1/42` has three. */
export const partsOf = (path: string): string[] => path.split('/').filter((part) => part !== '').map(decoded) // prettier-ignore
/** A path of parts, whatever is in them. */
export const pathOf = (...parts: readonly string[]): string => `/${parts.map(encodeURIComponent).join('/')}`
