const TYPES_NOTHING = new Set(['button', 'checkbox', 'radio', 'submit', 'reset', 'file', 'color', 'range'])

/** True where keys are text, or belong to the control that has the focus. */
export function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false
  if (target.isContentEditable || target.closest('[role="combobox"], [role="listbox"], [role="menu"], [role="dialog"]'))
    return true
  if (target instanceof HTMLInputElement) return !TYPES_NOTHING.has(target.type)
  return target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement
} // prettier-ignore

const NAME = 'crosswalk keys'

/** Whether single letters do something; people whose screen reader owns them switch that off. */
export const areLettersOn = (): boolean => {
  try {
    return localStorage.getItem(NAME) !== 'off'
  } catch {
    return true
  }
}
export function turnLetters(on: boolean): void {
  try {
    localStorage.setItem(NAME, on ? 'on' : 'off')
  } catch {
    // Without a store the choice lasts as long as the page; there is nothing to keep it in.
  }
}
