import { createHash } from 'node:crypto'
import { batch } from './batch.ts'
import { links, listAnswer } from './collections.ts'
import { gmt, local } from './dates.ts'
import { ApiError, badRequest, noTrash } from './errors.ts'
import { emptyAddress, type Address, type Customer } from './model.ts'
import { setAddress } from './order-write.ts'
import { array, collectionRules, isEmail, object, oneOf, string, type ParamRules } from './params.ts'
import { bool, text, type Json } from './php.ts'
import { mergeMeta } from './meta.ts'
import { route, type Call, type Route } from './router.ts'
import { nextId, now, restUrl, type Shop } from './state.ts'

/** Customers write their addresses in another order than orders do. */
function addressJson(address: Address, withEmail: boolean): Json {
  const {
    first_name,
    last_name,
    company,
    address_1,
    address_2,
    city,
    postcode,
    country,
    state,
    email,
    phone,
  } = address
  const common = { first_name, last_name, company, address_1, address_2, city, postcode, country, state }
  return withEmail ? { ...common, email, phone } : { ...common, phone }
}

export function customerJson(shop: Shop, customer: Customer): Json {
  const hash = createHash('sha256').update(customer.email.toLowerCase()).digest('hex')
  return {
    id: customer.id,
    date_created: local(customer.createdAt, shop.site),
    date_created_gmt: gmt(customer.createdAt),
    date_modified: local(customer.modifiedAt, shop.site),
    date_modified_gmt: gmt(customer.modifiedAt),
    email: customer.email,
    first_name: customer.firstName,
    last_name: customer.lastName,
    role: customer.role,
    username: customer.username,
    billing: addressJson(customer.billing, true),
    shipping: addressJson(customer.shipping, false),
    is_paying_customer: customer.paying,
    avatar_url: `https://secure.gravatar.com/avatar/${hash}?s=96&d=mm&r=g`,
    meta_data: customer.meta,
    _links: links(shop, `/wc/v3/customers/${customer.id}`, '/wc/v3/customers'),
  }
}

export function findCustomer(shop: Shop, id: number): Customer {
  const customer = shop.customers.get(id)
  if (!customer) throw new ApiError(404, 'wc_user_invalid_id', 'Invalid user ID.', undefined, false)
  return customer
}

function byEmail(shop: Shop, email: string): Customer | undefined {
  const wanted = email.toLowerCase()
  for (const one of shop.customers.values()) if (one.email.toLowerCase() === wanted) return one
  return undefined
}

function freeEmail(shop: Shop, email: string, owner?: Customer): string {
  if (!isEmail(email)) throw badRequest('customer_invalid_email', 'Invalid email address')
  const held = byEmail(shop, email)
  if (held && held !== owner) {
    const message = `An account is already registered with ${email}. Please log in or use a different email address.`
    throw badRequest('registration-error-email-exists', message)
  }
  return email
}

function freeName(shop: Shop, wanted: string): string {
  const taken = new Set([...shop.customers.values()].map((one) => one.username))
  let name = wanted
  for (let suffix = 1; taken.has(name); suffix++) name = `${wanted}-${suffix}`
  return name
}

function setFields(shop: Shop, customer: Customer, sent: Json): void {
  if (sent['first_name'] !== undefined) customer.firstName = text(sent['first_name'])
  if (sent['last_name'] !== undefined) customer.lastName = text(sent['last_name'])
  setAddress(
    customer.billing,
    sent['billing'],
    'customer_invalid_billing_email',
    'Invalid billing email address',
  )
  setAddress(
    customer.shipping,
    sent['shipping'],
    'customer_invalid_billing_email',
    'Invalid billing email address',
  )
  mergeMeta(shop, customer.meta, sent['meta_data'])
}

/** A new customer is saved twice, so `customer.updated` follows `customer.created`. */
export function createCustomer(shop: Shop, sent: Json): Customer {
  const email = freeEmail(shop, text(sent['email']))
  const username = text(sent['username'])
  if (username !== '' && [...shop.customers.values()].some((one) => one.username === username)) {
    throw badRequest(
      'registration-error-username-exists',
      'An account is already registered with that username. Please choose another.',
    )
  }
  const moment = now(shop)
  const customer: Customer = {
    id: nextId(shop, 'user'),
    createdAt: moment,
    modifiedAt: moment,
    email,
    firstName: '',
    lastName: '',
    role: 'customer',
    username: username || freeName(shop, email.slice(0, email.indexOf('@')).toLowerCase()),
    billing: emptyAddress(),
    shipping: emptyAddress(),
    paying: false,
    meta: [{ id: nextId(shop, 'meta'), key: 'infinite_scrolling', value: 'true' }],
  }
  if (text(sent['password']) === '')
    customer.meta.push({ id: nextId(shop, 'meta'), key: 'default_password_nag', value: '1' })
  setFields(shop, customer, sent)
  shop.customers.set(customer.id, customer)
  shop.emit({ resource: 'customer', event: 'created', id: customer.id })
  shop.emit({ resource: 'customer', event: 'updated', id: customer.id })
  return customer
}

export function changeCustomer(shop: Shop, customer: Customer, sent: Json): Customer {
  const copy = structuredClone(customer)
  if (sent['email'] !== undefined) copy.email = freeEmail(shop, text(sent['email']), customer)
  setFields(shop, copy, sent)
  copy.modifiedAt = now(shop)
  Object.assign(customer, copy)
  shop.emit({ resource: 'customer', event: 'updated', id: customer.id })
  return customer
}

export function removeCustomer(shop: Shop, customer: Customer): void {
  shop.customers.delete(customer.id)
  shop.emit({ resource: 'customer', event: 'deleted', id: customer.id })
}

/** No date filters here: WooCommerce has none for customers, and ignores the parameters. */
const listRules = collectionRules(['id', 'include', 'name', 'registered_date'], {
  search: string,
  email: { type: 'string', email: true },
  role: oneOf(
    'all',
    'administrator',
    'editor',
    'author',
    'contributor',
    'subscriber',
    'customer',
    'shop_manager',
  ),
})
const rules: ParamRules = {
  email: { type: 'string', email: true },
  first_name: string,
  last_name: string,
  username: string,
  password: string,
  billing: object,
  shipping: object,
  meta_data: array,
}

function listCustomers(call: Call) {
  const { shop, params } = call
  const role = text(params['role']) || 'customer'
  const email = text(params['email']).toLowerCase()
  const search = text(params['search']).toLowerCase()
  const found = [...shop.customers.values()].filter(
    (one) =>
      (role === 'all' || one.role === role) &&
      (email === '' || one.email.toLowerCase() === email) &&
      (search === '' ||
        `${one.email}\n${one.username}\n${one.firstName} ${one.lastName}`.toLowerCase().includes(search)),
  )
  return listAnswer(call, found, {
    orders: { name: (one) => one.username, registered_date: (one) => one.createdAt },
    orderby: 'name',
    direction: 'asc',
    id: (one) => one.id,
    json: (one) => customerJson(shop, one),
  })
}

/** Routes of `/customers`. */
export function customerRoutes(): Route[] {
  const idOf = (call: Call): number => Number(call.ids['id'])
  const update = (call: Call, id: number, sent: Json): Json =>
    customerJson(call.shop, changeCustomer(call.shop, findCustomer(call.shop, id), sent))
  const remove = (call: Call, id: number): Json => {
    const customer = findCustomer(call.shop, id)
    removeCustomer(call.shop, customer)
    return customerJson(call.shop, customer)
  }
  return [
    route('/wc/v3/customers', {
      list: { run: listCustomers, rules: listRules },
      create: {
        rules,
        required: ['email'],
        run: (call) => {
          const customer = createCustomer(call.shop, call.params)
          const location = restUrl(call.shop, `/wc/v3/customers/${customer.id}`)
          return { status: 201, body: customerJson(call.shop, customer), headers: { location } }
        },
      },
    }),
    route('/wc/v3/customers/(?P<id>[\\d]+)', {
      view: { run: (call) => ({ body: customerJson(call.shop, findCustomer(call.shop, idOf(call))) }) },
      edit: { rules, run: (call) => ({ body: update(call, idOf(call), call.params) }) },
      remove: {
        run: (call) => {
          if (!bool(call.params['force'])) throw noTrash('Customers')
          return { body: remove(call, idOf(call)) }
        },
      },
    }),
    route('/wc/v3/customers/batch', {
      batch: {
        run: (call) =>
          batch(call, {
            create: (_, entry) => customerJson(call.shop, createCustomer(call.shop, entry)),
            update,
            remove,
          }),
      },
    }),
  ]
}
