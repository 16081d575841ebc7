import { appendFileSync } from 'node:fs'

/**
 * Reporter of vitest: writes the name of each test that passed only at its second try into the file that TEST_TRIES
 * names, a line each. The suite says them at its end: such a test is to be mended, but one unlucky moment of a loaded
 * machine shall not fail a run of thousands.
 */
export default class SecondTries {
  onTestCaseResult(test) {
    const file = process.env['TEST_TRIES']
    if (file && test.diagnostic()?.flaky)
      appendFileSync(file, `${test.module.relativeModuleId} > ${test.fullName}\n`)
  }
}
