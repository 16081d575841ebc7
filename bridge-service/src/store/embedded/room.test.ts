import { expect, it } from 'vitest'
import { createRoom } from './room.ts'

it('there is no room below 64 MiB, and room again only from 96 MiB on', () => {
  let mib = 500
  const hasRoom = createRoom('/', () => mib * 1024 * 1024)
  const at = [500, 65, 63, 65, 95, 96, 65, 10].map((now) => {
    mib = now
    return hasRoom()
  })
  expect(at).toEqual([true, true, false, false, false, true, true, false])
})
