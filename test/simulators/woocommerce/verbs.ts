import { addNote } from './order-status.ts'
import { createCoupon } from './coupons.ts'
import { changeCustomer, createCustomer, customerJson, findCustomer, removeCustomer } from './customers.ts'
import type { Deliveries } from './deliveries.ts'
import type { Webhook } from './model.ts'
import { orderJson } from './order-json.ts'
import { createOrder, deleteOrder, updateOrder } from './order-write.ts'
import { findOrder } from './orders.ts'
import { list, number, type Json } from './php.ts'
import { productJson, variationJson } from './product-json.ts'
import { changeProduct, createProduct, deleteProduct, findProduct } from './products.ts'
import { createRefund, refundJson } from './refunds.ts'
import type { Shop } from './state.ts'
import { createVariation } from './variations.ts'

/**
 * What happens in a shop without the API: somebody orders, a clerk edits. Inputs and answers have the shapes of the
 * REST API, and everything fires the webhooks it fires there.
 */
export function createVerbs(shop: Shop, deliveries: Deliveries) {
  const order = (id: number) => orderJson(shop, findOrder(shop, id))
  return {
    /** A checkout order unless `created_via` says otherwise; pays at once with `set_paid`. */
    placeOrder: (partial: Json = {}): Json =>
      order(createOrder(shop, { created_via: 'store-api', status: 'on-hold', ...partial }).id),
    updateOrder: (id: number, change: Json): Json => order(updateOrder(shop, findOrder(shop, id), change).id),
    refund: (id: number, input: Json): Json =>
      refundJson(shop, createRefund(shop, findOrder(shop, id), { api_refund: false, ...input })),
    trashOrder: (id: number): void => deleteOrder(shop, findOrder(shop, id), false),
    deleteOrder: (id: number): void => deleteOrder(shop, findOrder(shop, id), true),
    addNote: (id: number, note: string): number => addNote(shop, findOrder(shop, id).id, note),
    addProduct(input: Json): Json {
      const product = createProduct(shop, input)
      for (const one of list(input['variations'])) createVariation(shop, product.id, one as Json)
      return productJson(shop, product)
    },
    addVariation: (parentId: number, input: Json): Json =>
      variationJson(shop, createVariation(shop, parentId, input)),
    updateProduct(id: number, change: Json): Json {
      const product = findProduct(shop, id)
      changeProduct(shop, product, change)
      return productJson(shop, product)
    },
    trashProduct: (id: number): void => deleteProduct(shop, findProduct(shop, id), false),
    addCoupon: (input: Json): number => createCoupon(shop, input).id,
    addCustomer: (input: Json): Json => customerJson(shop, createCustomer(shop, input)),
    updateCustomer: (id: number, change: Json): Json =>
      customerJson(shop, changeCustomer(shop, findCustomer(shop, id), change)),
    deleteCustomer: (id: number): void => removeCustomer(shop, findCustomer(shop, id)),
    /** All orders, trash included, oldest id first. Builds every one: meant for small shops. */
    orders: (): Json[] => shop.orders.sorted('id').map((entry) => orderJson(shop, shop.orders.load(entry))),
    products: (): Json[] => [...shop.products.values()].map((one) => productJson(shop, one)),
    customers: (): Json[] => [...shop.customers.values()].map((one) => customerJson(shop, one)),
    /** Webhooks with what REST hides: secret and count of failures. */
    webhooks: (): Webhook[] => [...shop.webhooks.values()].map((one) => ({ ...one })),
    /** Somebody deletes a webhook in the shop's settings. */
    deleteWebhook: (id: number): void => void shop.webhooks.delete(id),
    /** The user of a key loses the right to see and change what the shop sells; the key stays. */
    takeRights: (key: string): void => void shop.powerless.add(key),
    /**
     * The shop's home address is changed, as when it was restored to a test site or given another domain. It goes on
     * answering where it did.
     */
    moveTo: (url: string): void => void (shop.url = url.replace(/\/$/, '')),
    /**
     * From now on answers and deliveries hold this JSON wherever a value is exactly the text `mark`: for what no plugin
     * that PHP could run would write, and a hostile shop would.
     */
    inject: (mark: string, json: string): void => void shop.injected.set(mark, json),
    /** Runs the queued deliveries now, as WP-Cron would. Answers how many were tried. */
    deliverDue: (): Promise<number> => deliveries.deliverDue(),
    /** The log of deliveries, oldest first. */
    deliveries: () => [...deliveries.log],
    pendingDeliveries: (): number => deliveries.pending(),
  }
}
export type Verbs = ReturnType<typeof createVerbs>

/**
 * The verbs as control routes `/__sim/<verb>`. Arguments come as one JSON object: `{id, ...}` where a verb takes an
 * id (`change` or the rest of the object being its second argument), else the object itself.
 */
export function controlRoutes(verbs: () => Verbs): Record<string, (input: unknown) => unknown> {
  const withId = (pick: (verbs: Verbs) => (id: number, change: Json) => unknown) => (input: unknown) => {
    const { id, change, ...rest } = input as Json
    return pick(verbs())(number(id), (change as Json | undefined) ?? rest)
  }
  const withObject = (pick: (verbs: Verbs) => (input: Json) => unknown) => (input: unknown) =>
    pick(verbs())((input ?? {}) as Json)
  return {
    placeOrder: withObject((all) => all.placeOrder),
    updateOrder: withId((all) => all.updateOrder),
    refund: withId((all) => all.refund),
    trashOrder: withId((all) => all.trashOrder),
    deleteOrder: withId((all) => all.deleteOrder),
    addProduct: withObject((all) => all.addProduct),
    addVariation: withId((all) => all.addVariation),
    updateProduct: withId((all) => all.updateProduct),
    trashProduct: withId((all) => all.trashProduct),
    addCoupon: withObject((all) => all.addCoupon),
    addCustomer: withObject((all) => all.addCustomer),
    updateCustomer: withId((all) => all.updateCustomer),
    deleteCustomer: withId((all) => all.deleteCustomer),
    orders: () => verbs().orders(),
    products: () => verbs().products(),
    customers: () => verbs().customers(),
    webhooks: () => verbs().webhooks(),
    moveTo: withObject(
      (all) =>
        ({ url }) =>
          all.moveTo(String(url)),
    ),
    deliverDue: () => verbs().deliverDue(),
    deliveries: () => verbs().deliveries(),
    pendingDeliveries: () => verbs().pendingDeliveries(),
  }
}
