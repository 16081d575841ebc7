import { render, screen } from '@testing-library/react'
import { userEvent } from '@testing-library/user-event'
import { describe, expect, it } from 'vitest'
import { consoleAddresses } from '../console/addresses.ts'
import { adminAddresses } from '../wp-admin/addresses.ts'
import { pathOf, partsOf, PlaceLink, PlaceProvider, usePlace } from './place.tsx'

const PLACE = { path: pathOf('records', 'flow_1', 'WEB/10 42'), query: { search: 'a & b' } }

const Here = () => {
  const { path, query } = usePlace()
  return <p>{JSON.stringify([partsOf(path), query])}</p>
}

describe.each([
  ['the console', consoleAddresses, '/', '#/records/flow_1/WEB%2F10%2042?search=a+%26+b'],
  [
    'wp-admin',
    adminAddresses,
    '/wp-admin/admin.php?page=crosswalk',
    '/wp-admin/admin.php?page=crosswalk&path=',
  ],
])('addresses of %s', (_name, addresses, start, expected) => {
  it('name a place, can be opened, and lead back', async () => {
    history.replaceState(null, '', start)
    render(
      <PlaceProvider addresses={addresses}>
        <PlaceLink to={PLACE.path} query={PLACE.query}>
          There
        </PlaceLink>
        <Here />
      </PlaceProvider>,
    )
    expect(screen.getByText('[[],{}]')).toBeTruthy()
    const link = screen.getByRole('link')
    expect(link.getAttribute('href')).toContain(expected)
    await userEvent.click(link)
    expect(await screen.findByText('[["records","flow_1","WEB/10 42"],{"search":"a & b"}]')).toBeTruthy()
    expect(new URL(link.getAttribute('href') ?? '', location.href).href).toBe(location.href)
    history.back()
    expect(await screen.findByText('[[],{}]')).toBeTruthy()
  })
})
