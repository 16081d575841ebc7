/**
 * A WordPress for the tests, unpacked in the system's temporary folder and kept there: Debian's package, downloaded by a
 * package list of its own so that the machine's stays as it is, with the SQLite drop-in that the WordPress project ships
 * in one of its npm packages. About 20 MB, once.
 */
import { execFile } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs' // prettier-ignore
import { createHash } from 'node:crypto'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** Its WordPress gets security fixes, and is the oldest that still does. */
const SUITE = 'trixie'
/** What the package leaves to others, and needs. */
const PACKAGES = ['wordpress', 'libjs-underscore', 'libjs-cropper', 'libjs-lodash', 'php-getid3']
const SQLITE = {
  package: '@wp-playground/cli@3.1.56',
  archive: 'sqlite-database-integration.zip',
  sha256: '519abfab608e6b70e88d8731192eae51da3eadf3981ee2be043f0b01c214a9ee',
}
/** A new name for a new way of preparing. */
const SHELF = join(tmpdir(), 'crosswalk-wordpress-1')

/** The folder of a WordPress without wp-config.php. @throws with the reason */
export async function prepareCore() {
  const ready = existsSync(SHELF) ? readdirSync(SHELF).filter((name) => /^\d/.test(name)).sort().at(-1) : undefined // prettier-ignore
  if (ready !== undefined) return join(SHELF, ready)
  mkdirSync(SHELF, { recursive: true })
  const work = mkdtempSync(join(SHELF, 'new-'))
  try {
    await unpackDebian(work)
    const core = join(work, 'core')
    // The links lead to files of the other packages.
    await run('cp', ['-rL', join(work, 'root/usr/share/wordpress'), core])
    rmSync(join(core, 'wp-config.php'), { force: true })
    await addSqlite(work, core)
    const version = /\$wp_version = '([^']+)'/.exec(
      readFileSync(join(core, 'wp-includes/version.php'), 'utf8'),
    )?.[1]
    if (version === undefined) throw new Error('the package holds no WordPress')
    const kept = join(SHELF, version)
    // Another process may have been quicker.
    if (!existsSync(kept)) renameSync(core, kept)
    return kept
  } finally {
    rmSync(work, { recursive: true, force: true })
  }
}

async function unpackDebian(work) {
  for (const folder of ['lists/partial', 'cache/archives/partial', 'debs', 'root']) {
    mkdirSync(join(work, folder), { recursive: true })
  }
  const list = join(work, 'sources.list')
  writeFileSync(list, `deb ${await mirror()} ${SUITE} main\n`)
  const own = [
    `Dir::Etc::sourcelist=${list}`,
    'Dir::Etc::sourceparts=-',
    `Dir::State::lists=${join(work, 'lists')}`,
    `Dir::Cache=${join(work, 'cache')}`,
    'Acquire::Languages=none',
    // The folder is ours alone.
    'APT::Sandbox::User=root',
  ].flatMap((option) => ['-o', option])
  await run('apt-get', [...own, '-qq', 'update'])
  await run('apt-get', [...own, '-qq', 'download', ...PACKAGES], { cwd: join(work, 'debs') })
  for (const file of readdirSync(join(work, 'debs'))) {
    await run('dpkg', ['-x', join(work, 'debs', file), join(work, 'root')])
  }
  // It leads to a file of the web server's package.
  rmSync(join(work, 'root/usr/share/wordpress/.htaccess'), { force: true })
}

/** Where this machine gets Debian's main packages from. */
async function mirror() {
  const format = '$(REPO_URI) $(RELEASE) $(COMPONENT)'
  const { stdout } = await run('apt-get', ['indextargets', '--format', format, 'Created-By: Packages'])
  const { VERSION_CODENAME: release } = Object.fromEntries(
    readFileSync('/etc/os-release', 'utf8')
      .split('\n')
      .map((line) => line.split('=')),
  )
  const found = stdout.split('\n').map((line) => line.split(' ')).find(([, of, part]) => of === release && part === 'main')?.[0] // prettier-ignore
  if (found === undefined) throw new Error(`apt-get knows no mirror of Debian ${release}: run apt-get update`)
  return found
}

async function addSqlite(work, core) {
  await run('npm', ['pack', '--silent', SQLITE.package], { cwd: work })
  const [packed] = readdirSync(work).filter((name) => name.endsWith('.tgz'))
  await run('tar', ['xzf', packed, `package/${SQLITE.archive}`], { cwd: work })
  const archive = join(work, 'package', SQLITE.archive)
  const sha256 = createHash('sha256').update(readFileSync(archive)).digest('hex')
  if (sha256 !== SQLITE.sha256) throw new Error(`${SQLITE.archive} is another one than was tried`)
  const plugins = join(core, 'wp-content/plugins')
  const unpack =
    '$z = new ZipArchive(); exit($z->open($argv[1]) === true && $z->extractTo($argv[2]) ? 0 : 1);'
  await run('php', ['-r', unpack, archive, plugins])
  const folder = readdirSync(plugins).find((name) => name.endsWith('sqlite-database-integration')) ?? ''
  if (folder !== 'sqlite-database-integration') {
    renameSync(join(plugins, folder), join(plugins, 'sqlite-database-integration'))
  }
  cpSync(join(plugins, 'sqlite-database-integration/db.copy'), join(core, 'wp-content/db.php'))
  rmSync(join(plugins, 'akismet'), { recursive: true, force: true })
}
