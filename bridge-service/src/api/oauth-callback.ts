import type { RequestHandler, Response } from 'express'
import { ERROR_STATUS } from '@crosswalk/shared/contract'
import { sessionOf } from '../accounts/by-session.ts'
import { finishSignIn } from '../connections/oauth.ts'
import type { Service } from '../service-types.ts'
import { problemOf } from './errors.ts'

const escapeHtml = (text: string): string =>
  text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)

/** A page without scripts or styles of its own, for the window in which the user signed in. */
function sendPage(response: Response, status: number, title: string, lines: readonly string[]): void {
  const body = lines.map((line) => `<p>${escapeHtml(line)}</p>`).join('')
  response
    .status(status)
    .set('cache-control', 'no-store')
    .type('html')
    .send(
      `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>${escapeHtml(title)}</title></head>` +
        `<body><h1>${escapeHtml(title)}</h1>${body}<p><a href="/">Back to Crosswalk</a></p></body></html>`,
    )
}

const text = (value: unknown): string | undefined =>
  typeof value === 'string' && value.length <= 4_000 ? value : undefined

/** Where a vendor sends the user back to. The single-use state says whose sign-in this is. */
export const oauthCallback =
  (service: Service): RequestHandler<{ connector: string }> =>
  async (request, response) => {
    const { state, code, error } = request.query
    try {
      const session = await sessionOf(service, request)
      const { row, findings } = await finishSignIn(service, {
        connector: request.params.connector,
        state: text(state) ?? '',
        code: text(code),
        error: text(error),
        sessionId: typeof session === 'string' ? null : session.id,
      })
      const found = findings
        .filter((finding) => finding.state !== 'ok')
        .map(({ text: what, remedy }) => `${what} ${remedy}`)
      if (row)
        sendPage(response, 200, 'Connected', [
          `“${row.name}” is connected. You can close this window.`,
          ...found,
        ])
      else sendPage(response, 422, 'Not connected', found)
    } catch (thrown) {
      const problem = problemOf(thrown)
      if (!problem) throw thrown
      sendPage(response, ERROR_STATUS[problem.code], 'Not connected', [problem.message])
    }
  }
