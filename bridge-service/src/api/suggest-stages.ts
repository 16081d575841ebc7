interface Stage {
  id: string
  label: string
  closed: boolean
  won: boolean | null
}
interface Pipeline {
  pipeline: string
  label: string
  stages: readonly Stage[]
}
interface Status {
  value: string
  label: string
  canonical: string
}

/** Words in a stage's name that speak for a canonical status, the telling ones first. */
const WORDS: Readonly<Record<string, RegExp>> = {
  draft: /\b(draft|checkout|new|open)\b/,
  pending: /\b(pending|await|unpaid|checkout|new|open)/,
  on_hold: /\b(hold|pending|await|open)/,
  processing: /\b(process|paid|confirmed|in progress)/,
  shipped: /\b(ship|sent|dispatch|in transit)/,
  completed: /\b(deliver|complet|fulfil|done|won)/,
  cancelled: /\b(cancel|lost|void)/,
  failed: /\b(fail|cancel|lost|void)/,
  refunded: /\b(refund|return|cancel|lost)/,
  deleted: /\b(cancel|lost|void)/,
}
const OVER = new Set(['cancelled', 'failed', 'refunded', 'deleted'])
const PAID = new Set(['processing', 'shipped', 'completed'])
const SHOP = /e-?commerce|shop|store|order/i

const plain = (text: string): string =>
  text
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()

/**
 * A pipeline and a stage per status for a new flow: by equal names, by telling words, then by whether the canonical
 * status is open, paid or over. Statuses for which nothing fits are left out, for the user to decide.
 */
export function suggestStages(
  statuses: readonly Status[],
  pipelines: readonly Pipeline[],
): { pipeline: string | null; stages: Record<string, string> } {
  const pipeline = pipelines.find((entry) => SHOP.test(entry.label)) ?? pipelines[0]
  if (!pipeline) return { pipeline: null, stages: {} }
  const pairs = statuses.flatMap((status) => {
    const stage = stageFor(status, pipeline.stages)
    return stage ? [[status.value, stage.id] as const] : []
  })
  return { pipeline: pipeline.pipeline, stages: Object.fromEntries(pairs) }
}

function stageFor(status: Status, stages: readonly Stage[]): Stage | undefined {
  const same = stages.find((stage) => plain(stage.label) === plain(status.label))
  if (same) return same
  const words = WORDS[status.canonical]
  if (words === undefined) return undefined
  const over = OVER.has(status.canonical)
  // "Closed lost" must not take a paid order, nor "Closed won" a cancelled one.
  const fitting = stages.filter((stage) => stage.won === null || !stage.closed || stage.won !== over)
  return fitting.find((stage) => words.test(plain(stage.label))) ?? byState(status.canonical, stages)
}

function byState(canonical: string, stages: readonly Stage[]): Stage | undefined {
  const open = stages.filter((stage) => !stage.closed)
  const closed = stages.filter((stage) => stage.closed)
  if (OVER.has(canonical)) return closed.find((stage) => stage.won === false)
  if (PAID.has(canonical))
    return closed.find((stage) => stage.won === true) ?? (canonical === 'processing' ? open[0] : open.at(-1))
  return open[0]
}
