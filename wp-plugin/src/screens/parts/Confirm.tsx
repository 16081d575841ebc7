import type { ReactNode } from 'react'
import { Button, Modal } from '@wordpress/components'
import { Problem } from './Message.tsx'

/**
 * A decision with an effect: the question as title, the numbers inside. The focus is on the harmless way out; Escape
 * takes it, and the focus goes back to where it was.
 * @param act verb, object and count: "Retry 5 orders"
 */
export const Confirm = (props: {
  question: string
  children: ReactNode
  act: string
  leave: string
  destructive?: boolean
  busy?: boolean
  /** Says why it cannot be done yet. */
  disabled?: boolean
  error?: Error | null
  onAct: () => void
  onLeave: () => void
}) => (
  <Modal
    title={props.question}
    size="small"
    isDismissible={false}
    focusOnMount="firstContentElement"
    onRequestClose={props.onLeave}
  >
    <div className="cw-confirm">
      {props.children}
      <Problem error={props.error ?? null} />
      <div className="cw-buttons">
        <Button __next40pxDefaultSize variant="secondary" onClick={props.onLeave}>
          {props.leave}
        </Button>
        <Button
          __next40pxDefaultSize
          variant="primary"
          isDestructive={props.destructive ?? false}
          isBusy={props.busy ?? false}
          disabled={(props.busy ?? false) || (props.disabled ?? false)}
          accessibleWhenDisabled
          onClick={props.onAct}
        >
          {props.act}
        </Button>
      </div>
    </div>
  </Modal>
)
