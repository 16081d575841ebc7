import { z } from 'zod'
import type { AuthMethod, Connector } from '@crosswalk/connectors/sdk'
import { Problem } from '../problem.ts'

type OAuth2 = Extract<AuthMethod, { kind: 'oauth2' }>

/** The object schemas a credentials schema consists of: itself, or the options of a union. */
function shapesOf(schema: z.ZodType): z.ZodObject[] {
  if (schema instanceof z.ZodObject) return [schema]
  if (schema instanceof z.ZodUnion) return schema.options.flatMap((option) => shapesOf(option as z.ZodType))
  return []
}

/** Members with one possible value (`kind: 'static'`): the form need not ask for them. */
function literalsOf(shape: z.ZodObject): Record<string, unknown> {
  const entries = Object.entries(shape.shape as Record<string, z.ZodType>)
  return Object.fromEntries(
    entries.flatMap(([name, field]) => (field instanceof z.ZodLiteral ? [[name, field.value]] : [])),
  )
}

/**
 * What a sign-in with keys asks for: the connector's credentials, or the option of them that is named like the method,
 * without members that can have only one value.
 */
export function keysForm(
  connector: Pick<Connector, 'credentials'>,
  method: AuthMethod,
): { form: z.ZodObject; fixed: Record<string, unknown> } {
  const shapes = shapesOf(connector.credentials)
  const named = shapes.find((shape) => Object.values(literalsOf(shape)).includes(method.id))
  const shape =
    named ?? shapes.find((one) => !Object.values(literalsOf(one)).includes('oauth')) ?? z.object({})
  const fixed = literalsOf(shape)
  const open = Object.entries(shape.shape as Record<string, z.ZodType>).filter(([name]) => !(name in fixed))
  return { form: z.object(Object.fromEntries(open)), fixed }
}

/** The sign-in method asked for, or the first of its kind. @throws Problem where the connector has none */
export function methodOf(connector: Connector, kind: 'oauth2', id?: string): OAuth2
export function methodOf(connector: Connector, kind: 'keys', id?: string): AuthMethod
export function methodOf(connector: Connector, kind: AuthMethod['kind'], id?: string): AuthMethod {
  const fitting = connector.auth.methods.filter((method) => method.kind === kind)
  const method = id === undefined ? fitting[0] : fitting.find((entry) => entry.id === id)
  if (method) return method
  const words = kind === 'keys' ? 'with keys' : 'by signing in there'
  throw new Problem('not_applicable', `${connector.label} cannot be connected ${words} here.`, {
    issues: [
      {
        path: ['body', 'method'],
        message: `There is no such way to sign in.`,
        expected: `one of: ${connector.auth.methods.map((entry) => entry.id).join(', ')}`,
      },
    ],
  })
}
