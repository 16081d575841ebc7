import { Button, TextControl } from '@wordpress/components'
import { useEffect, useRef, useState } from '@wordpress/element'
import { __, _n, sprintf } from '@wordpress/i18n'
import type { EditableField } from '@crosswalk/shared/contract'
import { useBridge } from '../bridge.tsx'
import { Choice } from '../form/Choice.tsx'
import { useAction, useLoaded } from '../loaded.ts'
import { Disclosure } from '../parts/Details.tsx'
import { count } from '../parts/format.ts'
import { Empty, Loadable } from '../parts/Loadable.tsx'
import { Problem } from '../parts/Message.tsx'

const keyOf = ({ part, field }: EditableField): string => `${part}\n${field.name}`
const textOf = (value: EditableField['value']): string => (value === null ? '' : String(value))

/**
 * Corrects values of one record and sends it with them, once. The refused fields come first; the others are folded away.
 * @param done told what was done, in words
 */
export function EditForm(props: {
  record: { flowId: string; externalId: string }
  /** The record in words: "Order #1042". */
  name: string
  target: string
  done: (text: string) => void
  leave: () => void
}) {
  const { record, name, target, done, leave } = props
  const { flowId, externalId } = record
  const { api } = useBridge()
  const found = useLoaded(`${flowId} ${externalId}`, () => api.failures.editable({ params: { flowId, externalId } }))
  const [changed, setChanged] = useState<ReadonlyMap<string, string>>(new Map())
  const send = useAction(async (fields: readonly EditableField[]) => {
    const values = fields.flatMap((one) => {
      const value = changed.get(keyOf(one))
      return value === undefined ? [] : [{ part: one.part, field: one.field.name, value: value === '' ? null : value }]
    })
    await api.failures.edit({ params: { flowId, externalId }, body: { values } })
    // translators: %s: a record, such as "Order #1042"
    done(sprintf(__('%s is being sent with your values.', 'crosswalk'), name))
  })
  const set = (one: EditableField) => (value: string) =>
    setChanged((before) => {
      const next = new Map(before)
      if (value === textOf(one.value)) next.delete(keyOf(one))
      else next.set(keyOf(one), value)
      return next
    })
  const inputFor = (one: EditableField) => (
    <Input key={keyOf(one)} of={one} value={changed.get(keyOf(one)) ?? textOf(one.value)} onChange={set(one)} />
  )
  return (
    <Loadable of={found} lines={2}>
      {({ items }) => {
        const first = items.filter(({ failed }) => failed)
        const rest = items.filter(({ failed }) => !failed)
        return (
          <Form name={name} busy={send.busy} ready={changed.size > 0} leave={leave} send={() => void send.run(items)} shown={items.length > 0}>
            <p className="cw-quiet">
              {/* translators: %s: name of a system */}
              {sprintf(__('Your values go to %s once; the source keeps its own. The next change goes by your rules again.', 'crosswalk'), target)}
            </p>
            <Problem error={send.error} />
            {items.length === 0 && (
              <Empty
                why={__('Nothing of this record’s last try is kept that could be corrected.', 'crosswalk')}
                next={__('Correct it at its source, then retry it.', 'crosswalk')}
              />
            )}
            {first.map(inputFor)}
            {rest.length > 0 && (
              <Disclosure
                open={first.length === 0}
                // translators: %s: number of fields
                summary={sprintf(_n('Show %s more field', 'Show %s more fields', rest.length, 'crosswalk'), count(rest.length))}
              >
                {rest.map(inputFor)}
              </Disclosure>
            )}
          </Form>
        )
      }}
    </Loadable>
  )
} // prettier-ignore

/** The first field takes the focus, for the form opens where its button was. */
function Form(props: {
  name: string
  busy: boolean
  ready: boolean
  shown: boolean
  send: () => void
  leave: () => void
  children: React.ReactNode
}) {
  const { name, busy, ready, shown, send, leave, children } = props
  const form = useRef<HTMLFormElement>(null)
  useEffect(() => {
    form.current?.querySelector<HTMLElement>('input, select')?.focus()
  }, [])
  return (
    <form
      ref={form}
      className="cw-edit"
      // translators: %s: a record, such as "Order #1042"
      aria-label={sprintf(__('Edit and send %s', 'crosswalk'), name)}
      onSubmit={(event) => {
        event.preventDefault()
        if (ready && !busy) send()
      }}
      onKeyDown={(event) => {
        if (event.key === 'Escape') leave()
      }}
    >
      {children}
      <div className="cw-buttons">
        {shown && (
          <Button __next40pxDefaultSize variant="primary" type="submit" isBusy={busy} disabled={!ready || busy} accessibleWhenDisabled>
            {__('Send this once', 'crosswalk')}
          </Button>
        )}
        <Button __next40pxDefaultSize variant="secondary" onClick={leave}>
          {__('Cancel', 'crosswalk')}
        </Button>
      </div>
    </form>
  ) // prettier-ignore
}

/** `Deal · Amount`: several parts of a record may have a field of one name. */
const labelOf = ({ partLabel, field }: EditableField): string =>
  // translators: 1: a part of a record, such as Deal; 2: name of a field
  sprintf(__('%1$s: %2$s', 'crosswalk'), ...([partLabel, field.label] as const))

function Input({ of, value, onChange }: { of: EditableField; value: string; onChange: (value: string) => void }) {
  const { field } = of
  const help = of.failed ? __('This one was refused.', 'crosswalk') : field.help
  if (field.options.length > 0) {
    return <Choice label={labelOf(of)} help={help} options={field.options} nothing={__('(empty)', 'crosswalk')} value={value} onChange={onChange} />
  }
  return (
    <TextControl
      __next40pxDefaultSize
      label={labelOf(of)}
      help={help}
      value={value}
      {...(field.maxLength === null ? {} : { maxLength: field.maxLength })}
      onChange={onChange}
    />
  )
} // prettier-ignore
