import { describe, expect, it } from 'vitest'
import { countReport, failuresOf } from './test-report.mjs'

const file = (status: string, ...tests: string[]) => ({
  status,
  assertionResults: tests.map((test) => ({ status: test })),
})

describe('countReport', () => {
  it('sums tests over files', () => {
    const report = {
      testResults: [file('passed', 'passed', 'skipped'), file('failed', 'passed', 'failed', 'todo')],
    }
    expect(countReport(report, 1)).toEqual({ passed: 2, failed: 1, skipped: 2 })
  })

  it('counts a file that could not be loaded as one failure', () => {
    expect(countReport({ testResults: [file('passed', 'passed'), file('failed')] }, 1)).toEqual({
      passed: 1,
      failed: 1,
      skipped: 0,
    })
  })

  it('counts a file whose tests passed but whose hook failed', () => {
    expect(countReport({ testResults: [file('failed', 'passed')] }, 1)).toMatchObject({
      passed: 1,
      failed: 1,
    })
  })

  it('counts a bad end without a failed test, and a missing report', () => {
    expect(countReport({ testResults: [file('passed', 'passed')] }, 1)).toMatchObject({
      passed: 1,
      failed: 1,
    })
    expect(countReport(undefined, 0)).toMatchObject({ passed: 0, failed: 1 })
  })

  it('has nothing to say of a project without tests', () => {
    expect(countReport({ testResults: [] }, 0)).toEqual({ passed: 0, failed: 0, skipped: 0 })
  })
})

describe('failuresOf', () => {
  it('names failed tests and files that could not be loaded, with the first line of the reason', () => {
    const failed = { status: 'failed', fullName: 'a sum', failureMessages: ['expected 1\n  at x'] }
    const report = {
      testResults: [
        {
          name: 'a.test.ts',
          status: 'failed',
          assertionResults: [{ status: 'passed', fullName: 'b' }, failed],
        },
        { name: 'c.test.ts', status: 'failed', message: 'no such module', assertionResults: [] },
      ],
    }
    expect(failuresOf(report)).toEqual([
      'failed: a.test.ts > a sum: expected 1',
      'failed: c.test.ts: no such module',
    ])
    expect(failuresOf(undefined)).toEqual([])
  })
})
