import express, { type Express, Router } from 'express'
import helmet from 'helmet'
import { API_PREFIX, contract } from '@crosswalk/shared/contract'
import { bySession } from './accounts/by-session.ts'
import { byAccessKey, bySignature, createCallerOf } from './api/callers.ts'
import { byControlToken, makeBackup } from './api/control.ts'
import { errorHandler, nothingHere } from './api/errors.ts'
import { createHandlers } from './api/handlers.ts'
import { handshakeRoutes } from './api/handshake.ts'
import { alive, ready } from './api/health.ts'
import { hookRoute } from './api/hooks.ts'
import { metricsPage } from './api/metrics.ts'
import { mount } from './api/mount.ts'
import { oauthCallback } from './api/oauth-callback.ts'
import { requestIds } from './api/request-id.ts'
import { runEvents } from './api/run-events.ts'
import { mountSignIn } from './api/sign-in.ts'
import { CONTROL_PATH } from './backup/control.ts'
import { CONTENT_POLICY, consolePages } from './console/pages.ts'
import type { Service } from './service-types.ts'

/** No inline code, no foreign origin, no frame. Https is only insisted on where the service is reached by it. */
const guards = (publicUrl: string | null) =>
  helmet({
    contentSecurityPolicy: CONTENT_POLICY,
    frameguard: { action: 'deny' },
    referrerPolicy: { policy: 'no-referrer' },
    strictTransportSecurity: publicUrl?.startsWith('https:') === true ? { maxAge: 31_536_000 } : false,
  })

/** The service's HTTP side: webhooks, API, sign-in callbacks, health and the console. */
export function createApp(service: Service): Express {
  const app = express()
  app.disable('x-powered-by')
  app.set('query parser', 'simple')
  app.set('trust proxy', service.config.trustProxy)
  app.use(requestIds)
  app.use(guards(service.config.publicUrl))
  // Before any parser: signatures are made over the bytes as they came.
  app.post('/hooks/:hookId', ...hookRoute(service))
  app.get('/healthz', alive)
  app.get('/readyz', ready(service))
  app.post(CONTROL_PATH, byControlToken(service), express.json({ limit: '16kb' }), makeBackup(service))
  app.get('/metrics', metricsPage(service))
  app.get('/oauth/:connector/callback', oauthCallback(service))

  const callerOf = createCallerOf([bySignature(service), byAccessKey(service), bySession(service)])
  const api = Router({ caseSensitive: true })
  api.use((_request, response, next) => {
    response.setHeader('cache-control', 'no-store')
    next()
  })
  mountSignIn(api, service)
  api.get('/runs/:runId/events', runEvents(service, callerOf))
  api.use(handshakeRoutes(service))
  mount(api, contract, createHandlers(service), callerOf)
  api.use(nothingHere)
  app.use(API_PREFIX, api)

  app.use(consolePages())
  app.use(nothingHere)
  app.use(errorHandler(service.log))
  return app
}
