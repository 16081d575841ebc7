import type { FormEvent } from 'react'
import { Button } from '@wordpress/components'
import { useState } from '@wordpress/element'
import { __ } from '@wordpress/i18n'
import { Line } from '../parts.tsx'
import { looksLikeKey } from '../session.ts'

/** Asks for an access key: for the bridge's own machine, and for who lost the password of the only owner. */
export function KeyForm({ done }: { done: (key: string) => void }) {
  const [text, setText] = useState('')
  const [problem, setProblem] = useState<string | null>(null)
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault()
    const key = text.trim()
    if (looksLikeKey(key)) return done(key)
    setProblem(
      __('This does not look like an access key. One begins with cw_ and has no spaces.', 'crosswalk'),
    )
    event.currentTarget.querySelector('input')?.focus()
  }
  return (
    <form className="cw-form" noValidate onSubmit={submit}>
      <Line
        focus
        type="password"
        label={__('Access key', 'crosswalk')}
        help={__(
          'It begins with cw_. The bridge keeps the first one in a file that ends in .owner-key beside its data.',
          'crosswalk',
        )}
        autoComplete="off"
        value={text}
        onChange={setText}
        problem={problem}
      />
      <div className="cw-buttons">
        <Button __next40pxDefaultSize variant="primary" type="submit">
          {__('Open the console', 'crosswalk')}
        </Button>
      </div>
    </form>
  )
}
