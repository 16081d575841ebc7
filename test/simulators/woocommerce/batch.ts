import { ApiError } from './errors.ts'
import { isObject, list, number, type Json } from './php.ts'
import type { Answer, Call } from './router.ts'

interface BatchWork {
  create: (call: Call, entry: Json) => Json
  update: (call: Call, id: number, entry: Json) => Json
  /** Deletes for good: a batch knows no trash. */
  remove: (call: Call, id: number) => Json
}

const limit = 100

/** `POST {collection}/batch`: entries skip the schema check, and a failure stays in its place. */
export function batch(call: Call, work: BatchWork): Answer {
  const body = isObject(call.body) ? call.body : {}
  const [create, update, remove] = [list(body['create']), list(body['update']), list(body['delete'])]
  if (create.length + update.length + remove.length > limit) {
    const message = `Unable to accept more than ${limit} items for this request.`
    throw new ApiError(413, 'woocommerce_rest_request_entity_too_large', message)
  }
  const answer: Json = {}
  if (create.length > 0)
    answer['create'] = create.map((entry) => tried(0, () => work.create(call, objectOf(entry))))
  if (update.length > 0) {
    answer['update'] = update.map((entry) => {
      const change = objectOf(entry)
      const id = number(change['id'])
      return tried(id, () => work.update(call, id, change), 400)
    })
  }
  if (remove.length > 0) {
    answer['delete'] = remove.map((entry) => {
      const id = number(isObject(entry) ? entry['id'] : entry)
      return tried(id, () => work.remove(call, id))
    })
  }
  return { body: answer }
}

const objectOf = (entry: unknown): Json => (isObject(entry) ? entry : {})

/** An unknown id to update carries status 400 inside a batch, though 404 outside (`products-batch.json`). */
function tried(id: number, run: () => Json, unknownStatus = 404): Json {
  try {
    return run()
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    const data = error.status === 404 ? { status: unknownStatus } : error.data
    return { id, error: { code: error.code, message: error.message, data } }
  }
}
