import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { beforeAll, expect, it } from 'vitest'
import { BUILD, ensureBuilt } from '../../scripts/screens/build.ts'

beforeAll(async () => {
  await ensureBuilt('wp-admin')
  await ensureBuilt('console')
})

/** kB over the wire. */
const weight = (files: readonly string[]): number =>
  files.reduce((sum, file) => sum + gzipSync(readFileSync(join(BUILD, file))).length, 0) / 1000

it('the console weighs at most 350 kB when it is first opened', () => {
  const page = readFileSync(join(BUILD, 'console/index.html'), 'utf8')
  const files = [...page.matchAll(/(?:src|href)="\.\/([\w.-]+\.(?:js|css))\?/g)].map(
    ([, name]) => `console/${name}`,
  )
  expect(files).toHaveLength(3)
  expect(weight(files)).toBeLessThan(350)
})

it('the first screen in wp-admin weighs at most 150 kB of our own', () => {
  expect(weight(['wp-admin/wp-admin.js', 'wp-admin/wp-admin.css'])).toBeLessThan(150)
  // What WordPress brings is taken from there, with the names it has for it.
  const needed = readFileSync(join(BUILD, 'wp-admin/wp-admin.asset.php'), 'utf8')
  for (const name of ['react-jsx-runtime', 'wp-components', 'wp-i18n', 'wp-api-fetch'])
    expect(needed).toContain(`'${name}'`)
})
