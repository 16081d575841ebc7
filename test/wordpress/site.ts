import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { until } from '../e2e/processes.ts'

const run = promisify(execFile)
const PHP = join(import.meta.dirname, 'php')

/** A WordPress with the stand-in for WooCommerce and our plugin, from its archive; both are still to be activated. */
export interface Site {
  url: string
  /** Where its files are. */
  folder: string
  /** Addresses of others that WordPress called through its own way out. */
  sent: () => string[]
  /** What PHP warned of. */
  complaints: () => string[]
  /** Does something inside WordPress, and gives what it returns. */
  php: <T = unknown>(code: string) => Promise<T>
  close: () => Promise<void>
}

export interface SiteOptions {
  core: string
  archive: string
  /** Address of the shop behind the stand-in's REST API. */
  simulator: string
  port: number
  /** More lines of wp-config.php. */
  config?: string
}

/** Salts and places. What WordPress sends of its own accord, to ask for updates and the like, goes nowhere. */
const configOf = (url: string, { simulator, config = '' }: SiteOptions): string => `<?php
define( 'DB_NAME', 'wordpress' );
define( 'DB_USER', '' );
define( 'DB_PASSWORD', '' );
define( 'DB_HOST', '' );
define( 'DB_CHARSET', 'utf8mb4' );
define( 'DB_COLLATE', '' );
foreach ( array( 'AUTH_KEY', 'SECURE_AUTH_KEY', 'LOGGED_IN_KEY', 'NONCE_KEY', 'AUTH_SALT', 'SECURE_AUTH_SALT', 'LOGGED_IN_SALT', 'NONCE_SALT' ) as $name ) {
	define( $name, 'a salt of the tests for ' . $name );
}
$table_prefix = 'wp_';
define( 'WP_HOME', '${url}' );
define( 'WP_SITEURL', '${url}' );
define( 'WP_DEBUG', true );
define( 'WP_DEBUG_DISPLAY', false );
define( 'WP_DEBUG_LOG', __DIR__ . '/debug.log' );
define( 'SCRIPT_DEBUG', false );
define( 'DISABLE_WP_CRON', true );
define( 'AUTOMATIC_UPDATER_DISABLED', true );
define( 'WP_HTTP_BLOCK_EXTERNAL', true );
define( 'WP_ACCESSIBLE_HOSTS', '127.0.0.1,localhost.invalid' );
define( 'FS_METHOD', 'direct' );
define( 'STUB_SIMULATOR', '${simulator}' );
${config}
if ( ! defined( 'ABSPATH' ) ) {
	define( 'ABSPATH', __DIR__ . '/' );
}
require_once ABSPATH . 'wp-settings.php';
`

/** Notes every call that leaves through WordPress's own way out, before anything can answer it. */
const WATCHER = `<?php
add_action( 'requests-requests.before_request', static function ( $url ) {
	file_put_contents( ABSPATH . 'sent.log', $url . "\\n", FILE_APPEND );
} );
`

export async function startSite(options: SiteOptions): Promise<Site> {
  const root = mkdtempSync(join(tmpdir(), 'crosswalk-site-'))
  const folder = join(root, 'wordpress')
  const url = `http://127.0.0.1:${options.port}`
  // Hard links: nobody writes to WordPress's own files.
  await run('cp', ['-al', options.core, folder])
  writeFileSync(join(folder, 'wp-config.php'), configOf(url, options))
  cpSync(join(import.meta.dirname, 'stub/woocommerce'), join(folder, 'wp-content/plugins/woocommerce'), {
    recursive: true,
  })
  await run('mkdir', ['-p', join(folder, 'wp-content/mu-plugins'), join(folder, 'wp-content/themes/plain')])
  writeFileSync(join(folder, 'wp-content/mu-plugins/watcher.php'), WATCHER)
  writeFileSync(join(folder, 'wp-content/themes/plain/style.css'), '/*\nTheme Name: Plain\n*/\n')
  writeFileSync(join(folder, 'wp-content/themes/plain/index.php'), '<?php wp_head();\n')
  const env = { PATH: process.env['PATH'] ?? '', SITE_URL: url }
  const settings = ['-d', 'memory_limit=512M', '-d', 'opcache.enable_cli=1', '-d', 'error_reporting=-1']
  await run('php', [...settings, join(PHP, 'install.php'), folder, options.archive], { env })
  const server = spawn(
    'php',
    [...settings, '-S', new URL(url).host, '-t', folder, join(PHP, 'router.php')],
    // A group of its own: the workers outlive a parent that is killed.
    { env: { ...env, PHP_CLI_SERVER_WORKERS: '6' }, detached: true, stdio: ['ignore', 'ignore', 'pipe'] },
  )
  const complaints: string[] = []
  server.stderr.setEncoding('utf8').on('data', (text: string) => {
    complaints.push(...text.split('\n').filter((line) => /PHP (?:Warning|Notice|Fatal|Deprecated|Parse)/.test(line)))
  }) // prettier-ignore
  const stop = (): void => {
    try {
      process.kill(-(server.pid as number), 'SIGKILL')
    } catch {
      // It has ended by itself.
    }
  }
  process.once('exit', stop)
  await until('WordPress answers', async () => fetch(`${url}/wp-login.php`).then((one) => one.ok, () => false)) // prettier-ignore
  return {
    url,
    folder,
    complaints: () => [...complaints, ...lines(join(folder, 'debug.log'))],
    sent: () => lines(join(folder, 'sent.log')).filter((one) => !one.startsWith(url)),
    php: async <T>(code: string): Promise<T> => {
      const { stdout } = await run('php', [...settings, join(PHP, 'run.php'), folder, code], { env })
      return JSON.parse(stdout.trim().split('\n').at(-1) ?? 'null') as T
    },
    close: async () => {
      process.removeListener('exit', stop)
      const ended = once(server, 'exit')
      stop()
      await ended
      rmSync(root, { recursive: true, force: true })
    },
  }
}

const lines = (file: string): string[] =>
  existsSync(file) ? readFileSync(file, 'utf8').split('\n').filter((line) => line !== '') : [] // prettier-ignore

/** A server that notes who calls it; what it answers is no bridge's answer, unless `answer` makes one up. */
export async function startListener(
  answer: (path: string) => unknown = () => undefined,
): Promise<{ url: string; calls: string[]; close: () => Promise<void> }> {
  const calls: string[] = []
  const server = createServer((request, response) => {
    calls.push(`${request.method} ${request.url}`)
    const json = answer(request.url ?? '')
    if (json === undefined)
      response.writeHead(200, { 'content-type': 'text/html' }).end('<h1>Something else</h1>')
    else response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(json))
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls,
    close: async () => {
      server.closeAllConnections()
      await new Promise((done) => server.close(done))
    },
  }
}
