import { CheckboxControl, Modal } from '@wordpress/components'
import { useEffect, useState } from '@wordpress/element'
import { __ } from '@wordpress/i18n'
import { areLettersOn, isTyping, turnLetters } from './typing.ts'

/** Lines of the lists on the page: the first link or button of each row. */
const lines = (): HTMLElement[] =>
  [...document.querySelectorAll('.cw-table tbody tr, .cw-rows > li')].flatMap((row) => {
    const first = row.querySelector<HTMLElement>('a, button')
    return first === null ? [] : [first]
  })

function step(by: 1 | -1): void {
  const all = lines()
  const at = all.findIndex((one) => one.closest('tr, li')?.contains(document.activeElement))
  all[at === -1 ? (by === 1 ? 0 : all.length - 1) : at + by]?.focus()
}

/** The row that was opened last, and the list it is of: there the reader comes back to. */
let left: { list: string; row: string } | null = null

function note(event: MouseEvent): void {
  const link = event.target instanceof Element ? event.target.closest<HTMLAnchorElement>('a[href]') : null
  if (link?.closest('.cw-table tbody, .cw-rows')) left = { list: location.href, row: link.href }
}

/** Focuses the row that was left, as soon as its list is there again; not when the reader does something else first. */
function comeBack(): () => void {
  // Elsewhere meanwhile: who comes to the list again by another way begins at its top.
  if (left !== null && left.list !== location.href && left.row !== location.href) left = null
  const wanted = left?.list === location.href ? left.row : null
  if (wanted === null) return () => {}
  const stop = (): void => {
    watch.disconnect()
    removeEventListener('keydown', stop)
    removeEventListener('pointerdown', stop)
  }
  const look = (): void => {
    const row = [...document.querySelectorAll<HTMLAnchorElement>('.cw-table tbody a, .cw-rows a')].find((one) => one.href === wanted)
    if (row === undefined) return
    stop()
    left = null
    row.focus()
  }
  const watch = new MutationObserver(look)
  watch.observe(document.body, { childList: true, subtree: true })
  addEventListener('keydown', stop)
  addEventListener('pointerdown', stop)
  // The title takes the focus when the page opens; the row takes it after that.
  setTimeout(look)
  return stop
} // prettier-ignore

/** Back to where the reader came from, else to the page above. */
function goBack(): boolean {
  const link = document.querySelector<HTMLAnchorElement>('.cw-back a[href]')
  if (link === null) return false
  if (left?.row === location.href) history.back()
  else link.click()
  return true
}

/** Keys that work on every page, and their list. @param path of the page, for coming back to it */
export function Keys({ path }: { path: string }) {
  const [isShown, setIsShown] = useState(false)
  const [isOn, setIsOn] = useState(areLettersOn)
  useEffect(() => {
    const pressed = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return
      // A question on the page takes its own keys.
      if (document.querySelector('[role="dialog"]') !== null) return
      const search = document.querySelector<HTMLElement>('.cw-filters input[type="search"]')
      const inList = document.activeElement?.closest('.cw-table tbody tr, .cw-rows > li') !== null && document.activeElement?.closest('.cw-rules') === null
      const does: Partial<Record<string, () => unknown>> = {
        ...(inList ? { ArrowDown: () => step(1), ArrowUp: () => step(-1) } : {}),
        Escape: goBack,
        ...(isOn ? { j: () => step(1), k: () => step(-1), '/': () => search?.focus() } : {}),
        '?': () => setIsShown(true),
      }
      const act = does[event.key]
      if (act === undefined) return
      if (act() !== false) event.preventDefault()
    }
    addEventListener('keydown', pressed)
    addEventListener('click', note, { capture: true })
    return () => {
      removeEventListener('keydown', pressed)
      removeEventListener('click', note, { capture: true })
    }
  }, [isOn])
  useEffect(() => comeBack(), [path])
  if (!isShown) return null
  return (
    <Modal title={__('Keys', 'crosswalk')} size="small" onRequestClose={() => setIsShown(false)}>
      <dl className="cw-keys">
        <Key name="?">{__('This list', 'crosswalk')}</Key>
        <Key name="/">{__('Go to the search', 'crosswalk')}</Key>
        <Key name="J, ↓">{__('Next line of a list', 'crosswalk')}</Key>
        <Key name="K, ↑">{__('Line before', 'crosswalk')}</Key>
        <Key name="Enter">{__('Open the line', 'crosswalk')}</Key>
        <Key name="Esc">{__('Back to the list, to the same line; close what is open', 'crosswalk')}</Key>
        <Key name="Alt + ↑ ↓">{__('Move a rule, where rules are listed', 'crosswalk')}</Key>
      </dl>
      <CheckboxControl
        label={__('Use keys that are a single letter', 'crosswalk')}
        help={__('Switch them off where they get in the way of your screen reader.', 'crosswalk')}
        checked={isOn}
        onChange={(on) => {
          turnLetters(on)
          setIsOn(on)
        }}
      />
    </Modal>
  )
} // prettier-ignore

const Key = ({ name, children }: { name: string; children: string }) => (
  <div>
    <dt>
      <kbd>{name}</kbd>
    </dt>
    <dd>{children}</dd>
  </div>
)
