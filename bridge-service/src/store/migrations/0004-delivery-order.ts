/** Finds what else a sender said of a record since: a repeat is one only while nothing came in between. */
export const name = '0004-delivery-order'

export const statements: readonly string[] = [
  `create index delivery_record on delivery (connection_id, external_id, received_at)`,
]
