import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

const NAMES = ['redis-server', 'valkey-server'];
/** Sharded channels came with it. */
const OLDEST = 7;

export const REDIS_MISSING =
  'unable to find redis-server 7 or newer; it could neither be found nor installed; install redis-server, or set REDIS_SERVER_PATH to its program';

/**
 * Finds the program of a Redis that is new enough: the one named by REDIS_SERVER_PATH, one on the PATH, or (with `install`, as
 * root on a system with apt-get) the distribution's.
 *
 * @param {{ install?: boolean }} [options]
 * @returns {string | null}
 */
export function findRedis({ install = false } = {}) {
  const { REDIS_SERVER_PATH } = process.env;
  if (REDIS_SERVER_PATH) return isNewEnough(REDIS_SERVER_PATH) ? REDIS_SERVER_PATH : null;
  return findOnPath() ?? (install ? installFromDistribution() : null);
}

/** @returns {string | null} */
function findOnPath() {
  const folders = (process.env.PATH ?? '').split(delimiter);
  const candidates = NAMES.flatMap((name) => folders.map((folder) => join(folder, name)));
  return candidates.find((path) => existsSync(path) && isNewEnough(path)) ?? null;
}

/** @returns {string | null} */
function installFromDistribution() {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return null;
  process.stdout.write('installing redis-server with apt-get\n');
  // Only the program: Debian would start a service of its own with it.
  const env = { ...process.env, RUNLEVEL: '1', DEBIAN_FRONTEND: 'noninteractive' };
  const apt = (/** @type {string[]} */ ...args) => spawnSync('apt-get', args, { stdio: 'ignore', env }).status === 0;
  const ok = apt('update') && apt('install', '-y', '--no-install-recommends', 'redis-server');
  return ok ? findOnPath() : null;
}

/** @param {string} path */
function isNewEnough(path) {
  const { status, stdout } = spawnSync(path, ['--version'], { encoding: 'utf8', timeout: 10_000 });
  return status === 0 && Number(/\bv=(\d+)\./.exec(stdout)?.[1] ?? 0) >= OLDEST;
}
