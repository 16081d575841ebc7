import type { FormEvent } from 'react'
import { Button, TextControl } from '@wordpress/components'
import { useEffect, useRef, useState } from '@wordpress/element'
import { __ } from '@wordpress/i18n'
import { looksLikeKey } from './session.ts'

/** Asks for an access key. @param complaint why it is asked for again */
export function SignIn({ complaint, done }: { complaint: string | null; done: (key: string) => void }) {
  const [text, setText] = useState('')
  const [problem, setProblem] = useState(complaint)
  const field = useRef<HTMLInputElement>(null)
  useEffect(() => {
    document.title = __('Sign in · Crosswalk', 'crosswalk')
    field.current?.focus()
  }, [])
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    const key = text.trim()
    if (looksLikeKey(key)) return done(key)
    setProblem(
      __('This does not look like an access key. One begins with cw_ and has no spaces.', 'crosswalk'),
    )
    field.current?.focus()
  }
  return (
    <main id="content" className="cw-sign-in">
      <form noValidate onSubmit={submit}>
        <h1>{__('Sign in to Crosswalk', 'crosswalk')}</h1>
        <TextControl
          __next40pxDefaultSize
          ref={field}
          label={__('Access key', 'crosswalk')}
          help={__(
            'It begins with cw_. The bridge showed it when it was started first, and keeps it in a file that ends in .owner-key beside its data.',
            'crosswalk',
          )}
          type="password"
          autoComplete="off"
          spellCheck={false}
          aria-invalid={problem !== null}
          aria-errormessage="sign-in-problem"
          value={text}
          onChange={setText}
        />
        <p id="sign-in-problem" className="cw-problem" role="alert">
          {problem}
        </p>
        <Button __next40pxDefaultSize variant="primary" type="submit">
          {__('Open the console', 'crosswalk')}
        </Button>
      </form>
    </main>
  )
}
