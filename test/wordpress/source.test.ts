import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { filesBelow, PLUGIN_SOURCE } from '../../scripts/plugin/build.ts'
import { describeMissing, findNeed } from '../../scripts/test-needs.mjs'

const php = await findNeed('php')
if (!php.ok) console.warn(`${describeMissing('php', php.reason)} The plugin’s code is not parsed.`)

const read = (path: string): string => readFileSync(join(PLUGIN_SOURCE, path), 'utf8')
const files = filesBelow(PLUGIN_SOURCE).filter((path) => path.endsWith('.php'))
const header = (name: string): string | undefined =>
  new RegExp(`^ \\* ${name}: +(.+)$`, 'm').exec(read('crosswalk.php'))?.[1]
const readme = (name: string): string | undefined =>
  new RegExp(`^${name}: (.+)$`, 'm').exec(read('readme.txt'))?.[1]

describe('the plugin’s code', () => {
  it.skipIf(!php.ok)('is PHP throughout', async () => {
    const check = (path: string) => promisify(execFile)('php', ['-l', join(PLUGIN_SOURCE, path)])
    await Promise.all(files.map(check))
    expect(files.length).toBeGreaterThan(20)
  })

  it.each(files)('%s does nothing when it is called by its address, and is of our namespace', (path) => {
    const text = read(path)
    expect(text).toMatch(/\nnamespace Crosswalk;\n/)
    // Before any statement but the namespace, imports and comments.
    const before = text.split("defined( 'ABSPATH' ) || exit;")[0] ?? ''
    expect(text).toContain("defined( 'ABSPATH' ) || exit;")
    expect(before.replace(/\/\*[\s\S]*?\*\/|<\?php|^namespace .*;$|^use .*;$/gm, '').trim()).toBe('')
  })

  it.each(files)('%s names the text domain in every text', (path) => {
    const calls = [
      ...read(path).matchAll(/\b(?:esc_html_|esc_attr_)?_[_enx]\(\s*(?:'(?:[^'\\]|\\.)*'[\s,]*)+/g),
    ]
    const texts = read(path).match(/\b(?:__|_e|_n|_x|esc_html__|esc_html_e|esc_attr__|esc_attr_e)\(/g) ?? []
    const domains = read(path).match(/'crosswalk'\s*\)/g) ?? []
    expect(domains.length).toBeGreaterThanOrEqual(texts.length)
    for (const [call] of calls) expect(call, 'an empty text').not.toMatch(/\( ?''/)
  })

  it('prints nothing that is not escaped where it is printed', () => {
    // `echo` of a literal, or of something that begins with an escaping function.
    const safe = /^(?:'[^'$]*'|esc_\w+\(|wp_kses\w*\()/
    const loose = files.flatMap((path) =>
      [...read(path).matchAll(/(?:\becho|<\?=)\s+([^;]+);/g)]
        .filter(([, what]) => !safe.test(what ?? ''))
        .map(([line]) => `${path}: ${line}`),
    )
    expect(loose).toEqual([])
    // Values given to printf are escaped one by one; formats are literals.
    const formats = files.flatMap((path) =>
      [...read(path).matchAll(/\bprintf\(\s*([^\s,]+)/g)].filter(([, what]) => !what?.startsWith("'")),
    )
    expect(formats).toEqual([])
  })

  it('says the same in its header, its readme and its code', () => {
    expect(header('Version')).toBe(readme('Stable tag'))
    expect(read('crosswalk.php')).toContain(`const VERSION     = '${header('Version')}';`)
    for (const name of ['Requires at least', 'Requires PHP', 'License']) expect(header(name)).toBe(readme(name)) // prettier-ignore
    expect(header('Plugin Name')).toBe(/^=== (.+) ===$/m.exec(read('readme.txt'))?.[1])
    expect(header('Requires Plugins')).toBe('woocommerce')
    expect(header('Text Domain')).toBe('crosswalk')
    for (const name of ['Description', 'Author', 'License URI', 'Domain Path', 'WC requires at least', 'WC tested up to']) expect(header(name), name).toBeTruthy() // prettier-ignore
    const [, short] = /^License URI: .*\n\n(.+)$/m.exec(read('readme.txt')) ?? []
    expect(short?.length).toBeLessThanOrEqual(150)
    expect(readme('Tags')?.split(',').length).toBeLessThanOrEqual(5)
    for (const part of ['Description', 'External services', 'Installation', 'Changelog']) expect(read('readme.txt')).toContain(`== ${part} ==`) // prettier-ignore
    // Rules of the directory: the name of another's product may not come first.
    expect(header('Plugin Name')).not.toMatch(/^(?:WooCommerce|HubSpot|WordPress)/)
  })

  it('sends from one place only', () => {
    const sending = files.filter((path) => /wp_(?:safe_)?remote_|curl_|fsockopen|file_get_contents/.test(read(path))) // prettier-ignore
    expect(sending).toEqual(['includes/Bridge.php'])
  })
})
