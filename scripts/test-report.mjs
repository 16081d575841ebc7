/**
 * Counts a vitest JSON report. Things that are no failed test but must not pass unseen count as one failure each:
 * a file that could not be loaded, a hook that failed, a run that ended badly with nothing else to blame.
 *
 * @param report what vitest wrote, undefined where it wrote nothing
 * @param {number} code vitest's exit code
 */
export function countReport(report, code) {
  const sums = { passed: 0, failed: 0, skipped: 0 }
  for (const file of report?.testResults ?? []) {
    const failedBefore = sums.failed
    for (const test of file.assertionResults) sums[outcomeOf(test.status)] += 1
    if (file.status === 'failed' && sums.failed === failedBefore) sums.failed += 1
  }
  if (sums.failed === 0 && (code !== 0 || report === undefined)) sums.failed = 1
  return sums
}

function outcomeOf(status) {
  if (status === 'passed') return 'passed'
  return status === 'failed' ? 'failed' : 'skipped'
}

/**
 * What failed, a line each, for the end of a long output: the test's name and the first line of what it said.
 *
 * @param report what vitest wrote, undefined where it wrote nothing
 */
export function failuresOf(report) {
  return (report?.testResults ?? []).flatMap((file) => {
    const tests = file.assertionResults.filter((test) => test.status === 'failed')
    const named = tests.map((test) =>
      failureLine(`${file.name} > ${test.fullName}`, test.failureMessages?.[0]),
    )
    return named.length === 0 && file.status === 'failed' ? [failureLine(file.name, file.message)] : named
  })
}

const failureLine = (name, message) => `failed: ${name}: ${String(message ?? '').split('\n')[0]}`
