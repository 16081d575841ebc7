import { Button } from '@wordpress/components'
import { useEffect, useRef, useState } from '@wordpress/element'
import { __, sprintf } from '@wordpress/i18n'
import { ApiError, type Connection, type ConnectorInfo } from '@crosswalk/shared/contract'
import { useBridge } from '../bridge.tsx'
import {
  type FieldProblem,
  problemsFrom,
  problemsOf,
  startValues,
  type FormField,
  type Values,
} from '../form/model.ts'
import { SchemaForm } from '../form/SchemaForm.tsx'
import { useAction, useLoaded } from '../loaded.ts'
import { Problem } from '../parts/Message.tsx'

/** How often it is looked whether the sign-in in the other window is done, ms. */
const LOOK_MS = 2_000

/** Signs in at the other system, in a window of its own; this page notices when that is done. */
export function SignInThere(props: {
  connector: ConnectorInfo
  method: ConnectorInfo['methods'][number]
  connection?: Connection
  done: (connection: Connection) => void
}) {
  const { connector, method, connection, done } = props
  const { api } = useBridge()
  const fields = connector.settings as FormField[]
  const [values, setValues] = useState<Values>(() => startValues(fields, connection?.settings ?? {}))
  const [problems, setProblems] = useState<readonly FieldProblem[]>([])
  const [there, setThere] = useState<{ url: string; since: number } | null>(null)
  const start = useAction(async () => {
    // Opened while the click counts; a browser that keeps it shut leaves the link below.
    const opened = window.open('', '_blank')
    try {
      const { url } = await api.connections.oauthStart({
        body: {
          connector: connector.id,
          method: method.id,
          settings: values,
          ...(connection ? { connectionId: connection.id } : {}),
        },
      })
      setThere({ url, since: Date.now() })
      if (opened) {
        opened.opener = null
        opened.location.href = url
      }
    } catch (error) {
      opened?.close()
      if (!(error instanceof ApiError) || error.issues.length === 0) throw error
      setProblems(problemsFrom(error, ['body', 'settings']))
    }
  })
  useSignedIn(connector.id, connection, there !== null, done)
  const begin = (): void => {
    const found = problemsOf(fields, values)
    setProblems(found)
    if (found.length === 0) void start.run()
  }
  return (
    <>
      {fields.length > 0 && <SchemaForm fields={fields} values={values} onChange={setValues} problems={problems} />}
      <Problem error={start.error} />
      <div className="cw-buttons">
        <Button __next40pxDefaultSize variant="primary" isBusy={start.busy} disabled={start.busy} accessibleWhenDisabled onClick={begin}>
          {/* translators: %s: name of a system */}
          {sprintf(__('Sign in at %s', 'crosswalk'), connector.label)}
        </Button>
      </div>
      {there && (
        <p role="status">
          {__('Waiting for you to sign in, in the other window. This page goes on by itself.', 'crosswalk')}{' '}
          <a href={there.url} target="_blank" rel="noopener noreferrer">
            {__('No window? Open the sign-in page here.', 'crosswalk')}
          </a>
        </p>
      )}
    </>
  ) // prettier-ignore
}

/** Looks, while a sign-in is under way, whether it has become a connection. */
function useSignedIn(
  connectorId: string,
  renewed: Connection | undefined,
  waiting: boolean,
  done: (connection: Connection) => void,
): void {
  const { api } = useBridge()
  const before = useRef<ReadonlyMap<string, string> | null>(null)
  const seen = useLoaded(
    `signed-in ${String(waiting)}`,
    async () => (waiting ? (await api.connections.list()).items : null),
    () => (waiting ? LOOK_MS : null),
  )
  const latest = useRef(done)
  latest.current = done
  useEffect(() => {
    const own = seen.data?.filter(({ connector, id }) => connector === connectorId && (!renewed || id === renewed.id))
    if (!own) return
    const known = before.current
    before.current ??= new Map(own.map(({ id, credentials }) => [id, credentials.setAt ?? '']))
    const fresh = known === null ? undefined : own.find(({ id, state, credentials }) => state === 'active' && known.get(id) !== credentials.setAt)
    if (fresh) latest.current(fresh)
  }, [seen.data, connectorId, renewed])
} // prettier-ignore
