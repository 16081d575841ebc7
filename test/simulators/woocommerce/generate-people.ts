import type { Address } from './model.ts'
import { seededRandom, slugOf } from './php.ts'

const firstNames = [
  'Noor',
  'Daan',
  'Zoë',
  'José',
  'Mila',
  'Sven',
  'Aylin',
  'Bram',
  'Chloë',
  'Youssef',
  'Iris',
  'Øyvind',
]
const lastNames = [
  'Testman',
  'de Vries',
  'Jansen',
  'Müller',
  'van den Berg',
  'Peeters',
  'Yılmaz',
  'Bakker',
  'Smit',
  "d'Hondt",
]
const streets = ['Kerkstraat', 'Dorpsweg', 'Havenkade', 'Marktplein', 'Stationslaan']
const cities = [
  ['Utrecht', '3511 AB'],
  ['Breda', '4811 AA'],
  ['Delft', '2611 AA'],
  ["'s-Hertogenbosch", '5211 BB'],
]
const companies = ['Proefbedrijf BV', 'Voorbeeld & Zonen', 'Testlab NV', 'Demo Handel VOF', 'Café "De Bes"']
export const pick = <T>(random: () => number, from: readonly T[]): T =>
  from[Math.floor(random() * from.length)] as T
/** Numbers that depend on the shop's seed, the order's position and what they are for. */
export const streamOf = (seed: number, index: number, salt: number): (() => number) =>
  seededRandom(Math.imul(seed + 1, 2654435761) + Math.imul(index + 1, 40503) + salt * 977)

/** The person behind order `index`. Every index has an e-mail address of its own; a third is a company. */
export function contactOf(seed: number, index: number): Address {
  const random = streamOf(seed, index, 1)
  const [first, last] = [pick(random, firstNames), pick(random, lastNames)]
  const [city = '', postcode = ''] = pick(random, cities)
  const belgian = random() < 0.03
  return {
    first_name: first,
    last_name: last,
    company: random() < 0.3 ? pick(random, companies) : '',
    address_1: `${pick(random, streets)} ${1 + Math.floor(random() * 200)}`,
    address_2: '',
    city: belgian ? 'Gent' : city,
    state: '',
    postcode: belgian ? '9000' : postcode,
    country: belgian ? 'BE' : 'NL',
    email: `${slugOf(first)}.${slugOf(last)}.${index}@example.test`,
    phone: `+31 30 555 ${String(index % 10000).padStart(4, '0')}`,
  }
}
