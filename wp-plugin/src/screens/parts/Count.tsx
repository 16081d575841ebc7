import { count, exactCount } from './format.ts'

/** A number in short; where that leaves digits out, the exact one shows when one points at it. */
export function Count({ of }: { of: number }) {
  const [short, exact] = [count(of), exactCount(of)]
  return short === exact ? <>{short}</> : <span title={exact}>{short}</span>
}
