/**
 * Lets the page's own code make `<style>` elements under the bridge's content policy: each gets the nonce of this answer.
 * Must come before any other import, for components make their styles while they are loaded.
 */
const nonce = document.querySelector('meta[name="style-nonce"]')?.getAttribute('content')
const create = document.createElement.bind(document) as (
  name: string,
  options?: ElementCreationOptions,
) => HTMLElement

if (nonce) {
  document.createElement = ((name: string, options?: ElementCreationOptions): HTMLElement => {
    const element = create(name, options)
    if (element instanceof HTMLStyleElement) element.nonce = nonce
    return element
  }) as typeof document.createElement
}

export {}
