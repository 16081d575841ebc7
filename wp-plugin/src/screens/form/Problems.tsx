import { __, _n, sprintf } from '@wordpress/i18n'
import { count } from '../parts/format.ts'
import { Message } from '../parts/Message.tsx'
import { fieldAt, type FieldProblem, type FormField, keyOf } from './model.ts'

/** All that is wrong, on top of the form, each with a way to its field. @param go brings the reader to a field */
export function Problems(props: {
  fields: readonly FormField[]
  problems: readonly FieldProblem[]
  go: (key: string) => void
}) {
  const { fields, problems, go } = props
  if (problems.length === 0) return null
  const text = sprintf(
    // translators: %s: number of answers
    _n('%s answer needs another look.', '%s answers need another look.', problems.length, 'crosswalk'),
    count(problems.length),
  )
  return (
    <Message kind="error" spoken={text}>
      {text}
      <ul className="cw-problems">
        {problems.map(({ path, message }) => {
          const key = keyOf(path)
          const field = fieldAt(fields, path)
          return (
            <li key={`${key} ${message}`}>
              {field === null ? (
                message
              ) : (
                <a
                  href={`#${key}`}
                  onClick={(event) => {
                    // The address names the page, so it must not change.
                    event.preventDefault()
                    go(key)
                  }}
                >
                  {/* translators: 1: name of a setting; 2: what is wrong with it */}
                  {sprintf(__('%1$s: %2$s', 'crosswalk'), ...([field.title, message] as const))}
                </a>
              )}
            </li>
          )
        })}
      </ul>
    </Message>
  )
}
