import { createRoot } from '@wordpress/element'
import { setFormats } from './screens/parts/format.ts'
import './screens/screens.scss'
import { Admin } from './wp-admin/Admin.tsx'

/**
 * WordPress prints `<h1 tabindex="-1">`, its end of the page's header, and this element with `data-route` (the REST route
 * to the bridge), `data-bridge` (the bridge's host), `data-locale` and `data-time-zone` (the site's own).
 */
const place = document.getElementById('crosswalk-app')
if (place) {
  const { route = '/crosswalk/v1/bridge', bridge = location.host, locale, timeZone } = place.dataset
  setFormats({ locale: locale?.replace('_', '-'), timeZone })
  const title = document.querySelector<HTMLElement>('.wrap > h1')
  // What the page is called until the screens name it.
  title?.replaceChildren()
  createRoot(place).render(<Admin route={route} host={bridge} title={title} />)
}
