export interface TestSums {
  passed: number
  failed: number
  skipped: number
}

export function countReport(report: unknown, code: number): TestSums

export function failuresOf(report: unknown): string[]
