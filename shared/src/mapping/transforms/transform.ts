import type { z } from 'zod'
import type { FieldType } from '../field.ts'
import type { Lookups } from '../lookup.ts'

/** What a step made of a value, or a plain sentence that says why it could not. */
export type Step = { ok: true; value: unknown } | { ok: false; problem: string }

export const ok = (value: unknown): Step => ({ ok: true, value })
export const problem = (text: string): Step => ({ ok: false, problem: text })

export interface TransformContext {
  lookups: Lookups
}

/** Type a transform takes: one, several, or `any`. Amounts and numbers fit each other, every scalar fits `text`. */
export type Takes = FieldType | 'any' | readonly FieldType[]
/** Type a transform gives; `same` is the type it was given, `any` is only known at run time. */
export type Gives = FieldType | 'same' | 'any'

// A catalogue holds transforms of every parameter type; each one's schema is what makes the call safe.
// eslint-disable-next-line @typescript-eslint/no-explicit-any
type AnyParams = any

/**
 * A named step on a value: pure and total, without clock, network, user regex or code. `run` never throws: a value it
 * cannot work on is a problem in words. `params` are parsed once, when a mapping is compiled, and come to `run` with
 * their defaults filled in. Empty values (no text, null, an empty list) pass a transform by untouched, save where
 * `takesEmpty` says that it has an answer for them.
 */
export interface Transform<P = AnyParams> {
  readonly id: string
  readonly label: string
  readonly help: string
  readonly from: Takes
  readonly to: Gives
  /** Type given with these parameters, where it depends on them. */
  readonly toWith?: (params: P) => Gives
  readonly takesEmpty?: boolean
  readonly params: z.ZodObject
  readonly run: (value: unknown, params: P, context: TransformContext) => Step
}

/** Ties the type of `run`'s parameters to the schema they are parsed with. */
export const defineTransform = <S extends z.ZodObject>(
  transform: Omit<Transform<z.output<S>>, 'params'> & { params: S },
): Transform<z.output<S>> => transform
