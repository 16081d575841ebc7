import { links } from './collections.ts'
import { gmt, local } from './dates.ts'
import type { Image, Product, Term } from './model.ts'
import { paragraphs, slugOf, type Json } from './php.ts'
import { onSale, priceHtml, priceOf, skuOf, stockHolder, taxClassOf, variationsOf } from './prices.ts'
import { restUrl, type Shop } from './state.ts'

/** Answers to a write show what was written (`edit`), answers to a read what the shop makes of it (`view`). */
export type View = 'view' | 'edit'

/** A product as `/products` shows it; a variation comes out in the same shape, as webhooks carry it. */
export function productJson(shop: Shop, product: Product, view: View = 'view'): Json {
  const variation = product.type === 'variation'
  const stock = stockHolder(shop, product) ?? product
  const variations = product.type === 'variable' ? variationsOf(shop, product) : []
  return {
    id: product.id,
    name: variation ? fullName(shop, product) : product.name,
    slug: product.slug,
    permalink: permalink(shop, product),
    ...datesJson(shop, product),
    type: product.type,
    status: product.status,
    featured: product.featured,
    catalog_visibility: product.visibility,
    description: view === 'edit' ? product.description : paragraphs(product.description),
    short_description: view === 'edit' ? product.shortDescription : paragraphs(product.shortDescription),
    sku: view === 'edit' ? product.sku : skuOf(shop, product),
    ...priceJson(shop, product),
    on_sale: onSale(shop, product),
    purchasable: priceOf(shop, product) !== '',
    total_sales: variation ? String(product.totalSales) : product.totalSales,
    virtual: product.virtual,
    downloadable: product.downloadable,
    downloads: product.downloads,
    download_limit: -1,
    download_expiry: -1,
    external_url: product.externalUrl,
    button_text: product.buttonText,
    tax_status: product.taxStatus,
    tax_class: taxClassOf(shop, product),
    manage_stock: product.manageStock,
    stock_quantity: product.manageStock || variation ? stock.stock : null,
    ...backorderJson(stock),
    low_stock_amount: product.lowStock,
    sold_individually: product.soldIndividually,
    weight: product.weight,
    dimensions: product.dimensions,
    shipping_required: !product.virtual,
    shipping_taxable: !product.virtual && product.taxStatus !== 'none',
    shipping_class: shop.terms.get(product.shippingClassId)?.slug ?? '',
    shipping_class_id: product.shippingClassId,
    reviews_allowed: product.reviewsAllowed,
    average_rating: view === 'edit' ? '0' : '0.00',
    rating_count: 0,
    upsell_ids: product.upsells,
    cross_sell_ids: product.crossSells,
    parent_id: product.parentId,
    purchase_note: product.purchaseNote,
    categories: termsJson(shop, product.categories),
    brands: termsJson(shop, product.brands),
    tags: termsJson(shop, product.tags),
    images: product.images.map((image) => imageJson(shop, image)),
    attributes: variation ? product.choices : product.attributes,
    default_attributes: product.defaults,
    variations: variations.map((one) => one.id),
    grouped_products: product.grouped,
    menu_order: product.menuOrder,
    price_html: priceHtml(shop, product),
    related_ids: variation ? [] : relatedIds(shop, product),
    meta_data: product.meta,
    stock_status: stockStatus(stock, product, variations),
    has_options: product.type === 'variable',
    post_password: '',
    global_unique_id: product.gtin,
    ...(view === 'edit' && !variation
      ? {
          permalink_template: `${shop.url}/product/%pagename%/`,
          generated_slug: product.slug || slugOf(product.name),
        }
      : {}),
    cost_of_goods_sold: costJson(product),
    _links: links(shop, `/wc/v3/products/${product.id}`, '/wc/v3/products', upLink(shop, product)),
  }
}

/** A variation as `/products/{id}/variations` and, with `across`, as `/variations` shows it. */
export function variationJson(shop: Shop, product: Product, view: View = 'view', across = false): Json {
  const stock = stockHolder(shop, product) ?? product
  const own = product.manageStock
  const path = `/wc/v3/products/${product.parentId}/variations`
  return {
    id: product.id,
    type: 'variation',
    ...datesJson(shop, product),
    description: view === 'edit' ? product.description : paragraphs(product.description),
    permalink: permalink(shop, product),
    sku: view === 'edit' ? product.sku : skuOf(shop, product),
    global_unique_id: product.gtin,
    ...priceJson(shop, product),
    on_sale: onSale(shop, product),
    status: product.status,
    purchasable: priceOf(shop, product) !== '',
    virtual: product.virtual,
    downloadable: product.downloadable,
    downloads: product.downloads,
    download_limit: -1,
    download_expiry: -1,
    tax_status: product.taxStatus,
    tax_class: view === 'edit' ? product.taxClass : taxClassOf(shop, product),
    manage_stock: own ? true : stock === product ? false : 'parent',
    stock_quantity: stock.manageStock ? stock.stock : null,
    stock_status: stockStatus(stock, product, []),
    ...backorderJson(stock),
    low_stock_amount: product.lowStock,
    weight: product.weight,
    dimensions: product.dimensions,
    shipping_class: shop.terms.get(product.shippingClassId)?.slug ?? '',
    shipping_class_id: product.shippingClassId,
    image: product.images[0] ? imageJson(shop, product.images[0]) : null,
    attributes: product.choices,
    menu_order: product.menuOrder,
    meta_data: product.meta,
    name: product.choices.map((choice) => choice.option).join(', '),
    parent_id: product.parentId,
    cost_of_goods_sold: costJson(product),
    _links: across
      ? {
          self: [{ href: restUrl(shop, `/wc/v3/variations/${product.id}`) }],
          collection: [{ href: restUrl(shop, '/wc/v3/variations') }],
          up: [{ href: restUrl(shop, '/wc/v3/products/0') }],
        }
      : links(shop, `${path}/${product.id}`, path, upLink(shop, product)),
  }
}

function datesJson({ site }: Shop, product: Product): Json {
  return {
    date_created: local(product.createdAt, site),
    date_created_gmt: gmt(product.createdAt),
    date_modified: local(product.modifiedAt, site),
    date_modified_gmt: gmt(product.modifiedAt),
  }
}

const priceJson = (shop: Shop, product: Product): Json => ({
  price: priceOf(shop, product),
  regular_price: product.type === 'variable' ? '' : product.regularPrice,
  sale_price: product.type === 'variable' ? '' : product.salePrice,
  date_on_sale_from: local(product.saleFrom, shop.site),
  date_on_sale_from_gmt: gmt(product.saleFrom),
  date_on_sale_to: local(product.saleTo, shop.site),
  date_on_sale_to_gmt: gmt(product.saleTo),
})

const backorderJson = (stock: Product): Json => ({
  backorders: stock.backorders,
  backorders_allowed: stock.backorders !== 'no',
  backordered: stock.manageStock && stock.backorders !== 'no' && (stock.stock ?? 0) < 0,
})

function stockStatus(stock: Product, product: Product, variations: Product[]): string {
  if (product.type === 'variable' && !product.manageStock) {
    return variations.some((one) => one.stockStatus === 'instock') ? 'instock' : 'outofstock'
  }
  return stock.manageStock ? stock.stockStatus : product.stockStatus
}

const upLink = (shop: Shop, product: Product): Json =>
  product.parentId > 0 ? { up: [{ href: restUrl(shop, `/wc/v3/products/${product.parentId}`) }] } : {}

export function costJson(product: Product): Json {
  const effective = product.cost ?? 0
  return {
    values: [{ defined_value: product.cost, effective_value: effective }],
    total_value: effective,
    ...(product.type === 'variation' ? { defined_value_is_additive: false } : {}),
  }
}

const termsJson = (shop: Shop, ids: number[]): Json[] =>
  ids
    .map((id) => shop.terms.get(id))
    .filter((term): term is Term => term !== undefined)
    .map(({ id, name, slug }) => ({ id, name, slug }))

/** `date_created` of an image is off by the site's offset; the `_gmt` one is right. */
function imageJson({ site }: Shop, image: Image): Json {
  const shifted = local(image.createdAt + site.offsetAt(image.createdAt), site)
  return {
    id: image.id,
    date_created: shifted,
    date_created_gmt: gmt(image.createdAt),
    date_modified: shifted,
    date_modified_gmt: gmt(image.createdAt),
    src: image.src,
    name: image.name,
    alt: image.alt,
    srcset: '',
    sizes: '(max-width: 64px) 100vw, 64px',
    thumbnail: image.src,
  }
}

/** Name of a variation as order lines and webhooks carry it: `House blend - 250 g, Whole bean`. */
export function fullName(shop: Shop, variation: Product): string {
  const parent = shop.products.get(variation.parentId)
  return `${parent?.name ?? ''} - ${variation.choices.map((choice) => choice.option).join(', ')}`
}

function permalink(shop: Shop, product: Product): string {
  const parent = shop.products.get(product.parentId)
  if (!parent) {
    if (product.slug === '') return `${shop.url}/?post_type=product&p=${product.id}`
    return `${shop.url}/product/${product.slug}/`
  }
  const query = product.choices.map((choice) => {
    const value = choice.id > 0 ? termSlug(shop, choice.slug, choice.option) : choice.option
    return `attribute_${choice.slug}=${encodeURIComponent(value).replaceAll('%20', '+')}`
  })
  return `${shop.url}/product/${parent.slug}/?${query.join('&')}`
}

/** Slug of the term with that name in a global attribute. */
export function termSlug(shop: Shop, taxonomy: string, name: string): string {
  for (const term of shop.terms.values())
    if (term.taxonomy === taxonomy && term.name === name) return term.slug
  return name
}

function relatedIds(shop: Shop, product: Product): number[] {
  const related: number[] = []
  for (const other of shop.products.values()) {
    if (related.length === 5) break
    if (other.id === product.id || other.status !== 'publish' || other.type === 'variation') continue
    if (other.categories.some((id) => product.categories.includes(id))) related.push(other.id)
  }
  return related
}
