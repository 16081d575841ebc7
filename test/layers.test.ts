import { describe, expect, it } from 'vitest'
import { violationsOf } from './layer-rules.ts'
import { parseSource, readSources } from './source-tree.ts'

const rulesBrokenBy = (path: string, text: string) =>
  violationsOf(parseSource(path, text)).map((violation) => violation.rule)

describe('layers of the repository', () => {
  const sources = readSources()

  it('finds the sources', () => {
    const paths = sources.map((source) => source.path)
    expect(paths).toContain('test/layers.test.ts')
    expect(paths.some((path) => path.startsWith('shared/src/'))).toBe(true)
  })

  it('are kept by every file', () => {
    const lines = sources.flatMap(violationsOf).map(({ file, rule }) => `${file}: ${rule}`)
    expect(lines).toEqual([])
  })
})

describe('the rules', () => {
  it.each([
    ['shared/src/model/order.ts', `import { x } from '@crosswalk/connectors'`],
    ['shared/src/model/order.ts', `import type { x } from '../../../connectors/src/registry.ts'`],
    ['connectors/src/registry.ts', `export * from '@crosswalk/bridge-service'`],
    ['bridge-service/src/main.ts', `const m = await import('../../test/simulators/server.ts')`],
    ['bridge-service/src/main.ts', `import { x } from '../../shared/src/index.ts'`],
    ['wp-plugin/src/index.tsx', `import { x } from '@crosswalk/connectors'`],
    ['wp-plugin/src/screens/overview/Overview.tsx', `import { x } from '../../console/session.ts'`],
    ['wp-plugin/src/screens/overview/Overview.tsx', `const r = await fetch('/api/overview')`],
    ['hubspot-app/src/app/cards/api.ts', `import { x } from '@crosswalk/bridge-service'`],
    ['connectors/src/ecwid/index.ts', `import { x } from '../hubspot/orders.ts'`],
    ['connectors/src/ecwid/index.ts', `import { x } from '@crosswalk/connectors/hubspot'`],
    ['connectors/src/ecwid/index.ts', `import { x } from '../registry.ts'`],
    ['connectors/src/sdk/define.ts', `import { x } from '../ecwid/index.ts'`],
    ['connectors/src/ecwid/orders.ts', `import { request } from 'node:http'`],
    ['connectors/src/ecwid/orders.ts', `import { request } from 'undici'`],
    ['connectors/src/ecwid/orders.ts', `const r = await fetch('https://shop.example.com')`],
    ['connectors/src/ecwid/orders.ts', `const r = await globalThis.fetch('https://shop.example.com')`],
    ['bridge-service/src/pipeline/claim.ts', `import { PgBoss } from 'pg-boss'`],
    ['bridge-service/src/pipeline/claim.ts', `type Boss = import('pg-boss').PgBoss`],
    ['bridge-service/src/app.ts', `const port = process.env.PORT`],
    ['bridge-service/src/app.ts', `const { env } = process`],
    ['connectors/src/sdk/http.ts', `import { env as e } from 'node:process'`],
  ])('refuse in %s: %s', (path, text) => {
    expect(rulesBrokenBy(path, text)).not.toEqual([])
  })

  it.each([
    ['connectors/src/ecwid/index.ts', `import { x } from '../sdk/index.ts'\nimport { y } from './orders.ts'`],
    ['connectors/src/ecwid/index.ts', `import { x } from '@crosswalk/shared/model'`],
    ['connectors/src/ccv-shop/index.ts', `import { x } from '../ccv/auth.ts'`],
    ['connectors/src/sdk/http.ts', `import { request } from 'undici'`],
    ['connectors/src/registry.ts', `import { x } from './ecwid/index.ts'`],
    ['wp-plugin/src/console/Console.tsx', `import { x } from '../screens/place.tsx'`],
    ['connectors/src/ecwid/orders.ts', `const read = (client: Client) => client.fetch('/orders')`],
    ['bridge-service/src/jobs/engine.ts', `import { PgBoss } from 'pg-boss'`],
    ['bridge-service/src/config.ts', `export const env = process.env`],
    ['bridge-service/src/app.test.ts', `const port = process.env.PORT`],
    ['bridge-service/src/app.ts', `// process.env and import 'pg-boss' in a comment or 'a string'`],
    ['test/e2e/outage.test.ts', `import { x } from '../../bridge-service/src/app.ts'`],
  ])('allow in %s: %s', (path, text) => {
    expect(rulesBrokenBy(path, text)).toEqual([])
  })
})
