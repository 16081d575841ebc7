export * from './call.ts'
export * from './connector.ts'
export * from './errors.ts'
export { retryAfterOf } from './failure.ts'
export * from './http.ts'
export * from './oauth-token.ts'
export { MAX_RETRY_MS, decide, type FailedTry, type RetryDecision } from './retry.ts'
export {
  checkBaseUrl,
  checkBaseUrlResolved,
  isAllowedAddress,
  systemResolver,
  type AddressRules,
  type Refusal,
  type ResolvedAddress,
  type Resolver,
} from './safe-address.ts'
export { parseJson } from './respond.ts'
export type { Lane } from './slots.ts'
export { createTransport, TransportError, type Transport } from './transport.ts'
