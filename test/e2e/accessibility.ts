import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Page } from 'playwright-core'

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

interface Found {
  violations: { id: string; help: string; nodes: { html: string; failureSummary?: string }[] }[]
}

/** What axe-core finds wrong with a page as it is shown, one line per kind of fault with its first place. @param within an expression */
export async function faultsOf(page: Page, within = 'document'): Promise<string[]> {
  // Evaluated, not added as a script: the page's own content policy would refuse that.
  await page.evaluate(AXE)
  const { violations } = (await page.evaluate(`axe.run(${within})`)) as Found
  return violations.map(({ id, help, nodes }) => `${id}: ${help}: ${nodes[0]?.html.slice(0, 200)} ${nodes[0]?.failureSummary ?? ''}`) // prettier-ignore
}
