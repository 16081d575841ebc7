import { consoleAddress } from './accounts/set-up.ts'
import { createApp } from './app.ts'
import { offerControl, withdrawControl } from './backup/control.ts'
import { ConfigError, readConfig } from './config.ts'
import { firstAccess } from './first-access.ts'
import { listen } from './listen.ts'
import { createLog } from './log.ts'
import { createService } from './service.ts'
import { createShutdown } from './shutdown.ts'

/** Running work is handed back within 10 s of a signal; a process that is still there after this is ended. */
const LAST_RESORT_MS = 15_000

async function main(): Promise<void> {
  const config = readConfig()
  const log = createLog(config.logLevel)
  const service = await createService(config, { log })
  const server = await listen(createApp(service), config)
  const access = await firstAccess(service)
  if (service.store.kind === 'embedded') {
    await offerControl(config.dataDir, server.url, service.controlToken)
  }
  await service.start()
  log.info({ url: server.url, store: service.store.kind, pid: process.pid }, 'listening')
  const address = await consoleAddress(service, access.workspaceId, config.publicUrl ?? server.url)
  process.stdout.write(`\nOpen Crosswalk: ${address}\n\n`)

  const signal = createShutdown({
    stop: async () => {
      // Still answering: whoever asks is told that this process takes no more, and a webhook that comes is stored.
      await service.drain()
      await server.close()
      await withdrawControl(config.dataDir)
      await service.stop()
    },
    log,
    exit: (code) => process.exit(code),
    now: Date.now,
    limitMs: LAST_RESORT_MS,
  })
  process.on('SIGTERM', () => signal('SIGTERM'))
  process.on('SIGINT', () => signal('SIGINT'))
  // Last resort: what is stored is safe at any point, so ending is always allowed.
  const unexpected = (error: unknown): void => {
    log.fatal({ err: error }, 'unexpected error')
    process.exit(1)
  }
  process.on('uncaughtException', unexpected)
  if (service.store.kind === 'embedded') void service.store.broken.then(unexpected)
  process.on('unhandledRejection', unexpected)
}

main().catch((error: unknown) => {
  const known = error instanceof ConfigError || (error instanceof Error && error.name !== 'TypeError')
  process.stderr.write(`${known ? (error as Error).message : String(error)}\n`)
  process.exit(1)
})
