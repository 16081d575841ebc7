import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { fillCatalogue, keptHeaders, openLab, replayWrites, type CallOptions, type Lab } from './lab.ts'
import { exchanges } from './recordings.ts'

/** How a recorded refusal is provoked where it is not by the request itself. */
const provoked: Record<string, CallOptions> = {
  'No credentials': { key: null },
  'Unknown consumer key': { key: null, headers: { authorization: `Basic ${btoa('ck_unknown:cs_unknown')}` } },
  'Right key, wrong secret': {
    key: null,
    headers: { authorization: `Basic ${btoa(`ck_${'1'.repeat(40)}:cs_wrong`)}` },
  },
  'Read-only key used to write': { key: 1 },
  'More than 100 objects in a batch': { body: { create: Array.from({ length: 101 }, () => ({})) } },
}
const overHttp = 'Basic auth over plain HTTP is ignored'
/** cURL's reason depends on the machine; the simulator's own stands in. */
const reason = /Error: .*$/

describe('errors.json', () => {
  let lab: Lab
  beforeAll(async () => {
    lab = await openLab()
    await fillCatalogue(lab)
    await replayWrites(lab, ['coupons.json', 'customers.json'])
  })
  afterAll(() => lab.close())

  const refusals = exchanges('errors.json').filter(
    ({ response, note }) => response.status >= 400 && note !== overHttp,
  )

  it.each(refusals.map((one) => [one.note ?? '', one] as const))(
    '%s',
    async (note, { request, response: recorded }) => {
      const response = await lab.call(request.method, request.path, {
        query: request.query,
        ...(request.body === undefined ? {} : { body: request.body }),
        ...(request.rawBody === undefined ? {} : { rawBody: request.rawBody }),
        ...provoked[note],
      })
      const [have, want] = [response.body, recorded.body].map((body) => ({
        ...(body as object),
        message: (body as { message: string }).message.replace(reason, ''),
      }))
      expect(response.status).toBe(recorded.status)
      expect(have).toEqual(want)
      expect(keptHeaders(response, recorded)).toEqual(recorded.headers)
      expect('allow' in response.headers).toBe('allow' in recorded.headers)
    },
  )

  it('answers past the end with an empty list and a way back', async () => {
    for (const note of ['Page beyond the last', 'Page beyond the last (products)']) {
      const recorded = exchanges('errors.json').find((one) => one.note === note)
      const response = await lab.replay(recorded as NonNullable<typeof recorded>)
      expect(response.status).toBe(200)
      expect(response.body).toEqual([])
      expect(keptHeaders(response, recorded!.response)).toEqual(recorded!.response.headers)
    }
  })
})

describe('a shop on plain HTTP', () => {
  it('ignores Basic as recorded', async () => {
    const recorded = exchanges('errors.json').find((one) => one.note === overHttp)!
    const lab = await openLab({ https: 'none', storeUrl: 'http://shop.example.test' })
    const response = await lab.replay(recorded)
    expect(response.status).toBe(recorded.response.status)
    expect(response.body).toEqual(recorded.response.body)
    expect(keptHeaders(response, recorded.response)).toEqual(recorded.response.headers)
    await lab.close()
  })
})
