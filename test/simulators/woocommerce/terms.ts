import { attributeRoutes, findAttribute } from './attributes.ts'
import { batch } from './batch.ts'
import { links, listAnswer } from './collections.ts'
import { ApiError, badRequest, noTrash } from './errors.ts'
import type { Taxonomy, Term } from './model.ts'
import { boolean, collectionRules, integer, string, type ParamRules } from './params.ts'
import { bool, escapeHtml, number, slugOf, text, type Json } from './php.ts'
import { route, type Call, type Route } from './router.ts'
import { addTerm, restUrl } from './state.ts'

interface TermKind {
  /** Taxonomy of a call; attribute terms have one per attribute. */
  taxonomy: (call: Call) => Taxonomy
  /** Route of the collection: as a pattern, and with the ids of a call filled in. */
  template: string
  path: (call: Call) => string
  shape: 'tree' | 'flat' | 'ordered'
}

const fixed = (taxonomy: Taxonomy, path: string, shape: TermKind['shape']): TermKind => ({
  taxonomy: () => taxonomy,
  template: path,
  path: () => path,
  shape,
})

const kinds: TermKind[] = [
  fixed('category', '/wc/v3/products/categories', 'tree'),
  fixed('tag', '/wc/v3/products/tags', 'flat'),
  fixed('brand', '/wc/v3/products/brands', 'tree'),
  fixed('shipping_class', '/wc/v3/products/shipping_classes', 'flat'),
  {
    taxonomy: (call) => findAttribute(call.shop, Number(call.ids['attribute_id'])).slug as Taxonomy,
    template: '/wc/v3/products/attributes/(?P<attribute_id>[\\d]+)/terms',
    path: (call) => `/wc/v3/products/attributes/${call.ids['attribute_id']}/terms`,
    shape: 'ordered',
  },
]

function termJson(call: Call, term: Term, kind: TermKind): Json {
  const { shop } = call
  const path = kind.path(call)
  const count = [...shop.products.values()].filter((one) =>
    [...one.categories, ...one.tags, ...one.brands, one.shippingClassId].includes(term.id),
  ).length
  const up = term.parent > 0 ? { up: [{ href: restUrl(shop, `${path}/${term.parent}`) }] } : {}
  const { id, name, slug, parent, description } = term
  const tail = { count, _links: links(shop, `${path}/${id}`, path, up) }
  if (kind.shape === 'flat') return { id, name, slug, description, ...tail }
  if (kind.shape === 'ordered') return { id, name, slug, description, menu_order: term.menuOrder, ...tail }
  return {
    id,
    name,
    slug,
    parent,
    description,
    display: 'default',
    image: null,
    menu_order: term.menuOrder,
    ...tail,
  }
}

function find(call: Call, kind: TermKind, id: number): Term {
  const term = call.shop.terms.get(id)
  if (term?.taxonomy === kind.taxonomy(call)) return term
  throw new ApiError(404, 'woocommerce_rest_term_invalid', 'Resource does not exist.')
}

function setTerm(term: Term, sent: Json): void {
  if (sent['name'] !== undefined) term.name = escapeHtml(text(sent['name']))
  if (sent['slug'] !== undefined && text(sent['slug']) !== '') term.slug = slugOf(text(sent['slug']))
  if (sent['description'] !== undefined) term.description = text(sent['description'])
  if (sent['parent'] !== undefined) term.parent = number(sent['parent'])
  if (sent['menu_order'] !== undefined) term.menuOrder = number(sent['menu_order'])
}

function create(call: Call, kind: TermKind, sent: Json): Term {
  const taxonomy = kind.taxonomy(call)
  const name = escapeHtml(text(sent['name']))
  const parent = number(sent['parent'])
  for (const held of call.shop.terms.values()) {
    if (
      held.taxonomy === taxonomy &&
      held.name.toLowerCase() === name.toLowerCase() &&
      held.parent === parent
    ) {
      const message = 'A term with the name provided already exists with this parent.'
      throw badRequest('term_exists', message, { resource_id: held.id })
    }
  }
  const term = addTerm(call.shop, taxonomy, name, parent)
  setTerm(term, sent)
  return term
}

const rules: ParamRules = {
  name: string,
  slug: string,
  description: string,
  parent: integer(),
  menu_order: integer(),
}
const listRules = collectionRules(['id', 'include', 'name', 'slug', 'term_group', 'description', 'count'], {
  search: string,
  slug: string,
  hide_empty: boolean,
  parent: integer(),
  product: integer(),
})

function termRoutesOf(kind: TermKind): Route[] {
  const idOf = (call: Call): number => Number(call.ids['id'])
  const update = (call: Call, id: number, sent: Json): Json => {
    const term = find(call, kind, id)
    setTerm(term, sent)
    return termJson(call, term, kind)
  }
  const remove = (call: Call, id: number): Json => {
    const term = find(call, kind, id)
    call.shop.terms.delete(id)
    return termJson(call, term, kind)
  }
  return [
    route(kind.template, {
      list: {
        rules: listRules,
        run: (call) => {
          const taxonomy = kind.taxonomy(call)
          const search = text(call.params['search']).toLowerCase()
          const terms = [...call.shop.terms.values()].filter(
            (one) =>
              one.taxonomy === taxonomy &&
              one.name.toLowerCase().includes(search) &&
              (call.params['slug'] === undefined || one.slug === call.params['slug']) &&
              (call.params['parent'] === undefined || one.parent === number(call.params['parent'])),
          )
          return listAnswer(call, terms, {
            orders: { name: (one) => one.name, slug: (one) => one.slug },
            orderby: 'name',
            direction: 'asc',
            id: (one) => one.id,
            json: (one) => termJson(call, one, kind),
          })
        },
      },
      create: {
        rules,
        required: ['name'],
        run: (call) => {
          const term = create(call, kind, call.params)
          const location = restUrl(call.shop, `${kind.path(call)}/${term.id}`)
          return { status: 201, body: termJson(call, term, kind), headers: { location } }
        },
      },
    }),
    route(`${kind.template}/(?P<id>[\\d]+)`, {
      view: { run: (call) => ({ body: termJson(call, find(call, kind, idOf(call)), kind) }) },
      edit: { rules, run: (call) => ({ body: update(call, idOf(call), call.params) }) },
      remove: {
        run: (call) => {
          if (!bool(call.params['force'])) throw noTrash('Resource')
          return { body: remove(call, idOf(call)) }
        },
      },
    }),
    route(`${kind.template}/batch`, {
      batch: {
        run: (call) =>
          batch(call, {
            create: (_, entry) => termJson(call, create(call, kind, entry), kind),
            update,
            remove,
          }),
      },
    }),
  ]
}

/** Routes of categories, tags, brands, shipping classes, attributes and their terms. */
export const termRoutes = (): Route[] => [...kinds.flatMap(termRoutesOf), ...attributeRoutes()]
