import type { ApiError, ConnectorInfo } from '@crosswalk/shared/contract'
import { type FieldProblem, type FormField, problemsFrom, startValues, type Values } from '../form/model.ts'

type Method = ConnectorInfo['methods'][number]

/** Settings and keys stand in one form; a connector may give both the same name. */
const PREFIXES = { settings: 'settings-', credentials: 'keys-' } as const
type Part = keyof typeof PREFIXES

const under = (part: Part, fields: readonly FormField[]): FormField[] =>
  fields.map((field) => ({ ...field, name: `${PREFIXES[part]}${field.name}` }))

/** What is asked for to connect a system in one of its ways. */
export const keyFields = (connector: ConnectorInfo, method: Method): FormField[] => [
  ...under('settings', connector.settings as FormField[]),
  ...under('credentials', method.fields as FormField[]),
]

/** Values to begin with; keys are never known. @param settings of the connection that is renewed */
export const startKeys = (fields: readonly FormField[], settings: Values = {}): Values =>
  startValues(
    fields,
    Object.fromEntries(
      Object.entries(settings).map(([name, value]) => [`${PREFIXES.settings}${name}`, value]),
    ),
  )

/** One part of what was filled in; what was left empty is left to its default. */
export const partOf = (part: Part, values: Values): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(values).flatMap(([name, value]) =>
      name.startsWith(PREFIXES[part]) && value !== undefined
        ? [[name.slice(PREFIXES[part].length), value]]
        : [],
    ),
  )

/** What the bridge found wrong, at the fields of the form. */
export const keyProblems = (error: ApiError): FieldProblem[] =>
  error.issues.map((issue) => {
    const part = (Object.keys(PREFIXES) as Part[]).find((one) => issue.path[1] === one)
    if (part === undefined) return { path: [], message: issue.message }
    const [problem] = problemsFrom(Object.assign(Object.create(error) as ApiError, { issues: [issue] }), [
      'body',
      part,
    ])
    const [name, ...rest] = problem?.path ?? []
    const path = name === undefined ? [] : [`${PREFIXES[part]}${name}`, ...rest]
    return { path, message: issue.expected ? `${issue.message} ${issue.expected}` : issue.message }
  })
