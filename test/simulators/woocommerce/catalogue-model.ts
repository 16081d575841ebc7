import type { Meta } from './model.ts'
import type { Json } from './php.ts'

/** What a shop sells, and what it reckons with. Moments are epoch seconds. */

export interface Image {
  id: number
  createdAt: number
  src: string
  name: string
  alt: string
}

/** An attribute of a product (`options`) or the choice a variation makes (`option`). Local ones have id 0. */
export interface ProductAttribute {
  id: number
  name: string
  slug: string
  position: number
  visible: boolean
  variation: boolean
  options: string[]
}

export interface ProductChoice {
  id: number
  name: string
  slug: string
  option: string
}

export interface Product {
  id: number
  parentId: number
  type: string
  name: string
  slug: string
  status: string
  createdAt: number
  modifiedAt: number
  featured: boolean
  visibility: string
  description: string
  shortDescription: string
  sku: string
  gtin: string
  regularPrice: string
  salePrice: string
  saleFrom: number | null
  saleTo: number | null
  totalSales: number
  virtual: boolean
  downloadable: boolean
  downloads: unknown[]
  externalUrl: string
  buttonText: string
  taxStatus: string
  taxClass: string
  manageStock: boolean
  stock: number | null
  stockStatus: string
  backorders: string
  lowStock: number | null
  soldIndividually: boolean
  weight: string
  dimensions: { length: string; width: string; height: string }
  shippingClassId: number
  reviewsAllowed: boolean
  upsells: number[]
  crossSells: number[]
  grouped: number[]
  purchaseNote: string
  categories: number[]
  brands: number[]
  tags: number[]
  images: Image[]
  attributes: ProductAttribute[]
  choices: ProductChoice[]
  defaults: { id: number; name: string; option: string }[]
  menuOrder: number
  meta: Meta[]
  cost: number | null
}

export interface TaxRate {
  id: number
  country: string
  state: string
  rate: number
  name: string
  priority: number
  compound: boolean
  shipping: boolean
  order: number
  /** `standard`, `reduced-rate`, ... as REST names them. */
  class: string
}

export interface Coupon {
  id: number
  code: string
  amount: number
  status: string
  createdAt: number
  modifiedAt: number
  type: string
  freeShipping: boolean
  usageCount: number
  /** Fields the simulator keeps without acting on them. */
  rest: Json
}

export type Taxonomy = 'category' | 'tag' | 'brand' | 'shipping_class' | `pa_${string}`

export interface Term {
  id: number
  taxonomy: Taxonomy
  name: string
  slug: string
  parent: number
  description: string
  menuOrder: number
}

export interface Attribute {
  id: number
  name: string
  slug: string
  type: string
  orderBy: string
  hasArchives: boolean
}
