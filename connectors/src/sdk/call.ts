/** One HTTP call a connector wants made. Plain data; `path` is relative to the connection's base URL. */
export interface Call {
  method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  path: string
  query?: Record<string, string>
  /** Sent as JSON. */
  body?: unknown
  /** Sent form-encoded instead of `body`. */
  form?: Record<string, string>
  /** Statuses beside 2xx that come back as a reply instead of a `ConnectorError`. */
  accept?: readonly number[]
  /** Rate-limit window this call counts against beside the common ones (`search`). */
  window?: string
  /** False for a call that must not be sent again after a lost answer (a create). Reads and keyed writes may. */
  repeatable?: boolean
}

/** What came back. `body` is parsed JSON, or text where the answer was none. Header names are lower case. */
export interface Reply {
  status: number
  headers: Readonly<Record<string, string>>
  body: unknown
}

/**
 * A connector's side of an exchange in several calls: it yields calls and gets replies, and returns what it found.
 * No network inside: the runtime drives it, so it can be tested with a list of replies. A call that fails throws a
 * `ConnectorError` into it at the `yield`.
 */
export type Conversation<T> = Generator<Call, T, Reply>

/** A conversation of a single call. */
export function* ask<T>(call: Call, read: (reply: Reply) => T): Conversation<T> {
  return read(yield call)
}

/** An outgoing request after the connection's base URL and headers were added, before it is signed. */
export interface OutgoingRequest {
  method: string
  url: string
  headers: Record<string, string>
  body: string
}

/** A webhook as it came in: raw bytes, header names lower case; a header sent twice is a list. */
export interface RawWebhook {
  method: string
  /** The public URL the sender called, as it wrote it. */
  url: string
  headers: Readonly<Record<string, string | readonly string[] | undefined>>
  body: Buffer
}
