import { randomText } from '../store/ids.ts'
import { readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { BackupError } from './format.ts'
import type { BackupMade } from './file.ts'

/**
 * How commands on the same machine reach a service that has the embedded store open: an address and a secret, new at
 * each start, in a file of the data directory. Whoever can read it can read the data as well.
 */
const ControlFile = z.object({ url: z.string(), token: z.string() })

export const CONTROL_PATH = '/control/backup'

export const BackupRequest = z.strictObject({ file: z.string().min(1).max(4_096), history: z.boolean() })
export const BackupAnswer = z.object({
  file: z.string(),
  rows: z.number(),
  bytes: z.number(),
  ms: z.number(),
})

const fileOf = (dataDir: string): string => join(dataDir, 'control.json')

export const newControlToken = (): string => randomText(48)

export const offerControl = (dataDir: string, url: string, token: string): Promise<void> =>
  writeFile(fileOf(dataDir), JSON.stringify({ url, token }), { mode: 0o600 })

export const withdrawControl = (dataDir: string): Promise<void> => rm(fileOf(dataDir), { force: true })

/** Asks the service that has the data directory open for a backup. @throws BackupError where it cannot be asked */
export async function askForBackup(
  dataDir: string,
  request: z.infer<typeof BackupRequest>,
): Promise<BackupMade> {
  const unreachable = (cause: unknown): BackupError =>
    new BackupError('Crosswalk has the data open but cannot be reached. Stop it, then make the backup.', {
      cause,
    })
  let response: Response
  try {
    const control = ControlFile.parse(JSON.parse(await readFile(fileOf(dataDir), 'utf8')))
    response = await fetch(`${control.url}${CONTROL_PATH}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${control.token}`, 'content-type': 'application/json' },
      body: JSON.stringify(request),
    })
  } catch (error) {
    throw unreachable(error)
  }
  const body = (await response.json().catch(() => ({}))) as { error?: { message?: string } }
  if (response.ok) return BackupAnswer.parse(body)
  if (response.status === 404) throw unreachable(new Error('it does not know the secret'))
  throw new BackupError(body.error?.message ?? 'The service could not make the backup; its log says why.')
}
