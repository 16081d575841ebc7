import type { ReactNode } from 'react'
import { render } from '@testing-library/react'
import type { CallerRole, Transport } from '@crosswalk/shared/contract'
import { BridgeProvider, createApi } from '../screens/bridge.tsx'
import { consoleAddresses } from '../console/addresses.ts'
import { PlaceProvider } from '../screens/place.tsx'

/** An answer that is no good one. */
export class Refusal {
  readonly status: number
  readonly json: unknown
  constructor(status: number, code: string, message: string) {
    this.status = status
    this.json = { error: { code, message } }
  }
}

type Answer = unknown | ((asked: { query: URLSearchParams; body: unknown }) => unknown)

/** A bridge that gives fixed answers by `GET /path`. What it was asked is kept; what it does not know is a 404. */
export function fakeBridge(answers: Record<string, Answer>) {
  const asked: { call: string; query: URLSearchParams; body: unknown }[] = []
  const transport: Transport = ({ method, path, body }) => {
    const [bare = '', text = ''] = path.split('?')
    const call = `${method} ${bare}`
    const query = new URLSearchParams(text)
    asked.push({ call, query, body })
    const answer = answers[call]
    const json: unknown =
      typeof answer === 'function' ? (answer as (of: unknown) => unknown)({ query, body }) : answer
    if (json instanceof Refusal) return Promise.resolve(json)
    return json === undefined
      ? Promise.resolve({ status: 404, json: { error: { code: 'not_found', message: `No ${call} here.` } } })
      : Promise.resolve({ status: 200, json })
  }
  return { asked, answers, transport }
}

/** Shows a screen as a face does. `told` has the numbers of failures the navigation was told. */
export function show(
  screen: ReactNode,
  bridge: Pick<ReturnType<typeof fakeBridge>, 'transport'>,
  role: CallerRole = 'owner',
) {
  const told: number[] = []
  const around = (content: ReactNode) => (
    <BridgeProvider bridge={{ api: createApi(bridge.transport), role, watchRun: null, tellFailures: (count) => told.push(count) }}>
      <PlaceProvider addresses={consoleAddresses}>{content}</PlaceProvider>
    </BridgeProvider>
  ) // prettier-ignore
  return { ...render(around(screen)), told }
}
