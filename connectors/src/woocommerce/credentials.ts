import { z } from 'zod'

const WHERE = 'Make a new key under WooCommerce > Settings > Advanced > REST API and copy both lines.'

/** What is wrong with a pasted key; `prefix` is `ck_` or `cs_`. Null when it looks right. */
function keyProblem(value: string, prefix: 'ck_' | 'cs_'): string | null {
  const name = prefix === 'ck_' ? 'consumer key' : 'consumer secret'
  const other = prefix === 'ck_' ? 'cs_' : 'ck_'
  if (value === '') return `Enter the ${name}. It begins with ${prefix}. ${WHERE}`
  if (value.startsWith(other)) return `Key and secret are swapped: the ${name} begins with ${prefix}.`
  if (/^[.…]{1,3}[0-9a-f]{7}$/i.test(value)) {
    return `This is only the end of a key, as the list of keys shows it. The whole ${name} is shown once. ${WHERE}`
  }
  if (!value.startsWith(prefix)) return `A ${name} begins with ${prefix}. ${WHERE}`
  if (!/^c[ks]_[0-9A-Za-z]+$/.test(value)) return `The ${name} holds characters no key has. Copy it again.`
  if (value.length !== 43) {
    return `The ${name} has ${value.length} characters instead of 43: it was not copied whole. ${WHERE}`
  }
  return null
}

const key = (prefix: 'ck_' | 'cs_', title: string, description: string) =>
  z
    .string()
    .max(500)
    .overwrite((value) => value.replace(/\s+/g, ''))
    .superRefine((value, ctx) => {
      const problem = keyProblem(value, prefix)
      if (problem !== null) ctx.addIssue({ code: 'custom', message: problem })
    })
    .meta({ title, description })

/** A REST API key of the shop. Spaces and line breaks that came with the copy are dropped. */
export const WooCredentials = z.object({
  consumerKey: key(
    'ck_',
    'Consumer key',
    'In WordPress: WooCommerce > Settings > Advanced > REST API > Add key, for an administrator, with “Read/Write”. It begins with ck_.',
  ),
  consumerSecret: key('cs_', 'Consumer secret', 'Shown beside the key, only once. It begins with cs_.'),
})
export type WooCredentials = z.infer<typeof WooCredentials>
