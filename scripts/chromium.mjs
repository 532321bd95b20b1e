import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/**
 * @typedef {object} Chromium
 * @property {string} executablePath
 * @property {string[]} args
 * @property {boolean} shell whether this is the small headless build, which knows no other mode
 */

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const MAC_PATH = '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome';
const QUIET_ARGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export const CHROMIUM_MISSING =
  'unable to find Chromium; it could neither be found nor installed; install chromium or Google Chrome, or set CHROMIUM_PATH to its program';

/**
 * Finds a Chromium that starts: the one named by CHROMIUM_PATH, one on the PATH, the one from npm, or (with `install`,
 * as root on a system with apt-get) the distribution's.
 *
 * @param {{ install?: boolean }} [options]
 * @returns {Promise<Chromium | null>}
 */
export async function findChromium({ install = false } = {}) {
  const { CHROMIUM_PATH } = process.env;
  if (CHROMIUM_PATH) return starts(CHROMIUM_PATH) ? full(CHROMIUM_PATH) : null;
  return findOnPath() ?? (await findFromNpm()) ?? (install ? installFromDistribution() : null);
}

/** @returns {Chromium | null} */
function findOnPath() {
  const folders = (process.env.PATH ?? '').split(delimiter);
  const candidates = [...NAMES.flatMap((name) => folders.map((folder) => join(folder, name))), MAC_PATH];
  const found = candidates.find((path) => existsSync(path) && starts(path));
  return found === undefined ? null : full(found);
}

/** @returns {Promise<Chromium | null>} */
async function findFromNpm() {
  if (process.platform !== 'linux' || process.arch !== 'x64') return null;
  try {
    // The package unpacks the system libraries it needs only where it believes itself on this platform.
    process.env.AWS_LAMBDA_JS_RUNTIME ??= 'nodejs20.x';
    const { default: chromium } = await import('@sparticuz/chromium');
    const executablePath = await chromium.executablePath();
    const args = ['--no-sandbox', '--headless=shell', '--disable-gpu'];
    return starts(executablePath) ? { executablePath, args, shell: true } : null;
  } catch {
    return null;
  }
}

/** @returns {Chromium | null} */
function installFromDistribution() {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return null;
  process.stdout.write('installing chromium with apt-get\n');
  const apt = (/** @type {string[]} */ ...args) => spawnSync('apt-get', args, { stdio: 'ignore' }).status === 0;
  const ok = apt('update') && apt('install', '-y', '--no-install-recommends', 'chromium');
  return ok ? findOnPath() : null;
}

/** @param {string} path */
function starts(path) {
  return spawnSync(path, ['--version'], { stdio: 'ignore', timeout: 30_000 }).status === 0;
}

/**
 * @param {string} executablePath
 * @returns {Chromium}
 */
function full(executablePath) {
  return { executablePath, args: QUIET_ARGS, shell: false };
}
