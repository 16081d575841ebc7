import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { format } from 'prettier'
import { contract, handshake, openApiOf, signInContract } from '../shared/src/contract/index.ts'

/** Where the document lies, for whoever integrates with the API. */
export const OPENAPI_FILE = fileURLToPath(new URL('../bridge-service/openapi.json', import.meta.url))

const root = new URL('../package.json', import.meta.url)

/** The OpenAPI document of the contract as it is committed. */
export async function openApiText(): Promise<string> {
  const { version } = JSON.parse(readFileSync(root, 'utf8')) as { version: string }
  const info = {
    title: 'Crosswalk',
    version,
    description:
      'Connects shops, CRM, tills and ledgers. Made from the contract; webhooks (/hooks/:hookId), sign-in callbacks, the stream of a run (/api/runs/:runId/events) and health (/healthz, /readyz) are outside it.',
  }
  const document = openApiOf(contract, info, { handshake, ...signInContract })
  return format(JSON.stringify(document), { parser: 'json', printWidth: 110 })
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(OPENAPI_FILE, await openApiText())
