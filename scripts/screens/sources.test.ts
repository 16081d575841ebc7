import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { hashOfSources } from './sources.ts'

let root = ''
const write = (path: string, text: string): void => {
  mkdirSync(dirname(join(root, path)), { recursive: true })
  writeFileSync(join(root, path), text)
}
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'crosswalk-sources-'))
  for (const path of ['webpack.config.cjs', 'package.json', 'src/console.tsx'])
    write(`wp-plugin/${path}`, path)
  for (const path of ['package.json', 'src/model/order.ts']) write(`shared/${path}`, path)
  write('package-lock.json', '{}')
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

it.each(['wp-plugin/src/console.tsx', 'wp-plugin/src/screens/new.scss', 'shared/src/model/order.ts', 'package-lock.json'])(
  'the hash moves with %s',
  (path) => {
    const before = hashOfSources(root)
    write(path, 'changed')
    expect(hashOfSources(root)).not.toBe(before)
  },
) // prettier-ignore

it('the hash stays with a test, in another place, and when nothing changes', () => {
  const before = hashOfSources(root)
  write('wp-plugin/src/console.test.tsx', 'a test')
  write('wp-plugin/src/testing/setup.ts', 'for tests')
  const elsewhere = mkdtempSync(join(tmpdir(), 'crosswalk-sources-'))
  cpSync(root, elsewhere, { recursive: true })
  expect([hashOfSources(root), hashOfSources(elsewhere)]).toEqual([before, before])
  rmSync(elsewhere, { recursive: true, force: true })
})
