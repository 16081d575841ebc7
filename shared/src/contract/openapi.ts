import { z } from 'zod'
import { API_PREFIX, type Contract, type Endpoint } from './endpoint.ts'
import { ErrorBody } from './errors.ts'

type Json = Record<string, unknown>
type Side = 'input' | 'output'

/** A short text of a schema's own content, the same whatever number a nameless part of it was given. */
function fingerprint(schema: Json): string {
  let value = 5381
  for (const character of JSON.stringify(schema).replace(/__schema\d+/g, '')) {
    value = (value * 33 + character.charCodeAt(0)) % 0x7fffffff
  }
  return value.toString(36)
}

/** Schemas by name, as `components` holds them; one that is asked for and answered gets two names. */
function createComponents() {
  const schemas: Record<string, Json> = {}

  function nameOf(name: string, definition: Json, side: Side): string {
    const base = name.startsWith('__') ? `Part_${fingerprint(definition)}` : name
    return side === 'input' ? `${base}Input` : base
  }

  /** Points `$ref`s into `$defs` at `components`, and moves the definitions there. */
  function hoist(schema: z.ZodType, side: Side): Json {
    const {
      $schema: _,
      $defs = {},
      ...root
    } = z.toJSONSchema(schema, { io: side, unrepresentable: 'any' }) as Json & {
      $defs?: Record<string, Json>
    }
    const names = new Map(Object.entries($defs).map(([name, of]) => [name, nameOf(name, of, side)]))
    const repoint = (value: unknown): unknown => {
      if (Array.isArray(value)) return value.map(repoint)
      if (value === null || typeof value !== 'object') return value
      return Object.fromEntries(
        Object.entries(value).map(([key, inner]) => [
          key,
          key === '$ref' && typeof inner === 'string'
            ? inner.replace(
                /^#\/\$defs\/(.+)$/,
                (_all, name: string) => `#/components/schemas/${names.get(name)}`,
              )
            : repoint(inner),
        ]),
      )
    }
    for (const [name, definition] of Object.entries($defs)) {
      const { id: _id, ...moved } = repoint(definition) as Json
      const wanted = names.get(name) as string
      const present = schemas[wanted]
      if (present !== undefined && JSON.stringify(present) !== JSON.stringify(moved)) {
        throw new Error(`Two schemas are named ${wanted}.`)
      }
      schemas[wanted] = moved
    }
    return repoint(root) as Json
  }
  return { schemas, hoist }
}

type Hoist = (schema: z.ZodType, side: Side) => Json

function parametersOf(endpoint: Endpoint, hoist: Hoist) {
  return (['params', 'query'] as const).flatMap((place) => {
    const schema = endpoint[place]
    if (schema === undefined) return []
    const { properties = {}, required = [] } = hoist(schema, 'input') as {
      properties?: Record<string, Json>
      required?: string[]
    }
    return Object.entries(properties).map(([name, property]) => ({
      name,
      in: place === 'params' ? 'path' : 'query',
      required: place === 'params' || required.includes(name),
      schema: property,
    }))
  })
}

/** OpenAPI 3.1 document of a contract, and of what anyone may call (`open`). Roles are told as `x-role`. */
export function openApiOf(
  contract: Contract,
  info: { title: string; version: string; description: string },
  open: Contract = {},
): Json {
  const { schemas, hoist } = createComponents()
  const error = hoist(ErrorBody, 'output')
  const paths: Record<string, Json> = {}
  for (const [group, endpoints] of Object.entries({ ...contract, ...open })) {
    for (const [verb, endpoint] of Object.entries(endpoints)) {
      const path = endpoint.path.replace(/:(\w+)/g, '{$1}')
      const parameters = parametersOf(endpoint, hoist)
      paths[path] = {
        ...paths[path],
        [endpoint.method.toLowerCase()]: {
          operationId: `${group}.${verb}`,
          tags: [group],
          summary: endpoint.summary,
          ...(group in open ? { security: [] } : { 'x-role': endpoint.role }),
          ...(parameters.length > 0 ? { parameters } : {}),
          ...(endpoint.body === undefined
            ? {}
            : {
                requestBody: {
                  required: true,
                  content: { 'application/json': { schema: hoist(endpoint.body, 'input') } },
                },
              }),
          responses: {
            [String(endpoint.status)]: {
              description: 'Done',
              content: {
                'application/json': { schema: hoist(endpoint.response, 'output') },
              },
            },
            default: { $ref: '#/components/responses/Error' },
          },
        },
      }
    }
  }
  return {
    openapi: '3.1.0',
    info,
    servers: [{ url: API_PREFIX }],
    security: [{ accessKey: [] }, { signature: [] }],
    paths,
    components: {
      securitySchemes: {
        accessKey: { type: 'http', scheme: 'bearer', description: 'An access key: cw_…' },
        signature: {
          type: 'http',
          scheme: 'Crosswalk-HMAC-SHA256',
          description:
            'A paired site signs: site=…, user=…, role=…, time=…, nonce=…, body=…, signature=…. The signature is HMAC-SHA256 (hex) over the lines crosswalk-request-1, method, path with query, SHA-256 of the body (hex), time in seconds, nonce (32 hex digits), site, user and role.',
        },
      },
      responses: { Error: { description: 'Not done', content: { 'application/json': { schema: error } } } },
      schemas: Object.fromEntries(Object.entries(schemas).sort(([a], [b]) => (a < b ? -1 : 1))),
    },
  }
}
