/**
 * Runs a command: prints the lines it gives, or says in plain words what is wrong and ends with exit code 1. Only what
 * nobody foresaw comes with where it came from.
 */
export async function runCommand(work: () => Promise<readonly string[]>): Promise<void> {
  try {
    for (const line of await work()) console.log(line)
  } catch (error) {
    const foreseen =
      error instanceof Error && !['TypeError', 'ReferenceError', 'RangeError'].includes(error.name)
    console.error(foreseen ? error.message : error)
    process.exitCode = 1
  }
}
