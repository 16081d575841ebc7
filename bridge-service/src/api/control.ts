import { createHash, timingSafeEqual } from 'node:crypto'
import { isAbsolute } from 'node:path'
import type { RequestHandler } from 'express'
import { BackupRequest } from '../backup/control.ts'
import { BackupError } from '../backup/format.ts'
import { issuesOf, notFound, Problem } from '../problem.ts'
import type { Service } from '../service-types.ts'

const digest = (text: string): Buffer => createHash('sha256').update(text).digest()

/** Lets only the holder of this start's secret through; for all others there is nothing here. */
export const byControlToken =
  (service: Pick<Service, 'controlToken'>): RequestHandler =>
  (request, _response, next) => {
    const given = /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? '')?.[1]
    const right = given !== undefined && timingSafeEqual(digest(given), digest(service.controlToken))
    next(right ? undefined : notFound('address'))
  }

/** Writes a backup to a file of this machine, for `npm run backup` beside a running service. */
export const makeBackup =
  (service: Pick<Service, 'backup'>): RequestHandler =>
  async (request, response, next) => {
    const wanted = BackupRequest.safeParse(request.body)
    if (!wanted.success) {
      return next(new Problem('bad_request', 'The request is not right.', { issues: issuesOf(wanted.error, ['body']) })) // prettier-ignore
    }
    if (!isAbsolute(wanted.data.file)) return next(new Problem('bad_request', 'The file needs a whole path.'))
    try {
      response.json(await service.backup(wanted.data.file, { history: wanted.data.history }))
    } catch (error) {
      next(error instanceof BackupError ? new Problem('conflict', error.message) : error)
    }
  }
