import { findHolders } from '../store/link-holders.ts'
import { loadLinks } from '../store/links.ts'
import type { BatchContext } from './batch.ts'
import { failPart, type Part, type RecordWork } from './work.ts'

/**
 * Fails the records whose document was found by its key, or turned out to exist when it was made, but is that of another
 * record of this flow (two items, one SKU): neither may silently take the other's place. A record that comes back from
 * the trash has to look as well, for its place was free meanwhile.
 */
export async function refuseStolen(
  works: readonly RecordWork[],
  foundBy: 'key' | 'exists',
  context: BatchContext,
): Promise<void> {
  const found = works.flatMap((work) =>
    work.parts
      .filter((part) => part.role === 'document' && part.id !== null)
      .filter(
        (part) => part.foundBy === foundBy || (part.foundBy === 'link' && work.link?.state === 'deleted'),
      )
      .map((part) => ({ work, part })),
  )
  const [first] = found
  if (!first) return
  const holders = await findHolders(context.store.db, {
    flowId: context.flow.id,
    object: context.flow.document.object,
    ids: found.map(({ part }) => part.id as string),
    several: first.part.step.each !== 'one',
  })
  for (const { work, part } of found) {
    const holder = holders.find((one) => one.targetId === part.id && one.externalId !== work.externalId)
    if (holder && work.outcome === null) refuseTaken(work, part, holder.externalId)
  }
}

/** Whether a record of this flow still stands for what it made. */
export async function isTaken(externalId: string, context: BatchContext): Promise<boolean> {
  const link = (await loadLinks(context.store.db, context.flow.id, [externalId])).get(externalId)
  return link !== undefined && link.state !== 'deleted'
}

/** Fails a record whose document is that of another one. */
export function refuseTaken(work: RecordWork, part: Part, holder: string): void {
  const message = `Its key belongs to record ${holder} already. Give one of them another key at the source.`
  // The id is the other record's: it must not become this one's link.
  part.id = null
  part.foundBy = null
  failPart(part, { kind: 'conflict', message })
  work.outcome = {
    result: 'failed',
    failure: { step: 'resolve', kind: 'conflict', message, part: part.role, said: { other: holder } },
  }
}
