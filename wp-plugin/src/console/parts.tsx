import type { FormEvent, ReactNode } from 'react'
import { Button, TextControl } from '@wordpress/components'
import { useEffect, useRef, useState } from '@wordpress/element'
import { __ } from '@wordpress/i18n'
import { ApiError } from '@crosswalk/shared/contract'
import type { Action } from '../screens/loaded.ts'
import { Message } from '../screens/parts/Message.tsx'

/** A page of one form, for who is not signed in. */
export function Gate(props: { title: string; children: ReactNode }) {
  const { title, children } = props
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => {
    // translators: %s: title of the page
    document.title = `${title} · Crosswalk`
  }, [title])
  return (
    <main id="content" className="cw-sign-in">
      <section>
        <h1 ref={heading}>{title}</h1>
        {children}
      </section>
    </main>
  )
}

/** What the bridge said about single fields of a form (`body.password`), by their names. */
export function fieldProblems(error: Error | null): ReadonlyMap<string, string> {
  if (!(error instanceof ApiError)) return new Map()
  return new Map(
    error.issues.flatMap(({ path: [place, name], message }) =>
      place === 'body' && typeof name === 'string' ? [[name, message] as const] : [],
    ),
  )
}

/** A form that sends once at a time; a problem that no field shows is told above it. @param fields names of its fields */
export function SmallForm(props: {
  fields: readonly string[]
  action: Action<[]>
  send: string
  variant?: 'primary' | 'secondary'
  children: (problemOf: (name: string) => string | null) => ReactNode
  beside?: ReactNode
}) {
  const { action, send, children, fields, beside } = props
  const form = useRef<HTMLFormElement>(null)
  const problems = fieldProblems(action.error)
  const shown = fields.some((name) => problems.has(name))
  useEffect(() => {
    if (action.error) form.current?.querySelector<HTMLElement>('[aria-invalid=true]')?.focus()
  }, [action.error])
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    if (!action.busy) void action.run()
  }
  return (
    <form ref={form} className="cw-form" noValidate onSubmit={submit}>
      {action.error !== null && !shown && <Message kind="error">{action.error.message}</Message>}
      {children((name) => problems.get(name) ?? null)}
      <div className="cw-buttons">
        <Button
          __next40pxDefaultSize
          variant={props.variant ?? 'primary'}
          type="submit"
          isBusy={action.busy}
          disabled={action.busy}
          accessibleWhenDisabled
        >
          {send}
        </Button>
        {beside}
      </div>
    </form>
  )
}

/** One line of a small form. @param autoComplete tells the browser's own keeper of passwords what it is */
export function Line(props: {
  label: string
  value: string
  onChange: (value: string) => void
  type?: 'text' | 'email' | 'password'
  autoComplete: string
  help?: string
  problem: string | null
  readOnly?: boolean
  inputMode?: 'numeric'
  focus?: boolean
}) {
  const { problem, help, focus = false, ...rest } = props
  const field = useRef<HTMLInputElement>(null)
  useEffect(() => {
    if (focus) field.current?.focus()
  }, [focus])
  return (
    <div className="cw-field">
      <TextControl
        __next40pxDefaultSize
        ref={field}
        spellCheck={false}
        autoCapitalize="off"
        aria-invalid={problem !== null}
        help={
          problem === null ? (
            help
          ) : (
            <span className="cw-field-problem" role="alert">
              {problem}
            </span>
          )
        }
        {...rest}
      />
    </div>
  )
}

/** A password, shown when one asks for it: to check it beats to type it twice. */
export function PasswordLine(
  props: Omit<Parameters<typeof Line>[0], 'type'> & { autoComplete: 'current-password' | 'new-password' },
) {
  const [seen, setSeen] = useState(false)
  return (
    <>
      <Line {...props} type={seen ? 'text' : 'password'} />
      <Button className="cw-see" variant="link" aria-pressed={seen} onClick={() => setSeen(!seen)}>
        {/* The label stays, its state is told: pressed or not. */}
        {__('Show the password', 'crosswalk')}
      </Button>
    </>
  )
}

/** What a new password needs. */
export const passwordHelp = (): string =>
  __('At least 8 characters. A sentence is good; any letters and signs will do.', 'crosswalk')
