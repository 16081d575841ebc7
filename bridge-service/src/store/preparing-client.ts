import pg from 'pg'

/** Uses of a text before it is prepared: texts with lists of changing length come once and would only pile up. */
const USES_BEFORE = 3
/** Texts prepared at most, each once per connection. */
const MOST_TEXTS = 200
/** Texts counted at most before the counting begins anew. */
const MOST_COUNTED = 2_000

/** PostgreSQL: the table changed under a prepared `select *` (another process has updated the schema). */
const PLAN_CHANGED = '0A000'

/**
 * A class of connections whose often repeated statements are parsed and planned once per connection, which is a third
 * of a server's work on short statements. Share one class per pool.
 */
export function preparingClient(): typeof pg.Client {
  const uses = new Map<string, number>()
  /** Empty for a text that is not to be prepared any more. */
  const names = new Map<string, string>()

  function nameOf(text: string): string | undefined {
    const known = names.get(text)
    if (known !== undefined || names.size >= MOST_TEXTS) return known
    const count = (uses.get(text) ?? 0) + 1
    if (count < USES_BEFORE) {
      if (uses.size >= MOST_COUNTED) uses.clear()
      uses.set(text, count)
      return undefined
    }
    uses.delete(text)
    const name = `s${names.size}`
    names.set(text, name)
    return name
  }

  /** The statement goes unprepared from now on; the caller's own way of trying again does the rest. */
  function forget(text: string, error: unknown): void {
    if ((error as { code?: string }).code === PLAN_CHANGED) names.set(text, '')
  }

  return class PreparingClient extends pg.Client {
    // The driver takes a text with values, a config, or a query object; only the first is ours to change.
    override query(...args: unknown[]): never {
      const [text, values, callback] = args
      const name = typeof text === 'string' && Array.isArray(values) && !callback ? nameOf(text) : undefined
      if (!name) return (super.query as (...args: unknown[]) => never).apply(this, args)
      const result = (super.query as (config: pg.QueryConfig) => Promise<unknown>).call(this, {
        name,
        text: text as string,
        values: values as unknown[],
      })
      result.catch((error: unknown) => forget(text as string, error))
      return result as never
    }
  }
}
