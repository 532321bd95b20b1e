// Runs before anything is installed, on Node 20 too: nothing but Node's own modules may be imported here.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { constants } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('..', import.meta.url));

const NODE_MIN = [22, 17];
const NODE_FETCHED = '24.21.0';
const nodeDir = join(root, '.node');
const fetchedNode = join(nodeDir, 'node_modules', 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
const installStamp = join(root, 'node_modules', '.co-talk-lockfile');

/** Ends the process with one sentence. @param {string} sentence @returns {never} */
export function fail(sentence) {
  process.stderr.write(`${sentence}\n`);
  process.exit(1);
}

/**
 * Goes on only with a Node that everything here runs on: an older one fetches Node from npm into `.node`, hands the
 * command over to it and ends with its exit code.
 */
export async function ensureNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major > NODE_MIN[0] || (major === NODE_MIN[0] && minor >= NODE_MIN[1])) return;
  if (major < 20) fail(`unable to run on Node ${process.versions.node}; Node 20 or newer is needed; install it`);

  if (!isFetchedNodeUsable()) fetchNode();
  const env = { ...process.env, PATH: [join(fetchedNode, '..'), process.env.PATH].join(delimiter) };
  const child = spawn(fetchedNode, [...process.execArgv, ...process.argv.slice(1)], { stdio: 'inherit', env });
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) {
    process.on(signal, () => child.kill(signal === 'SIGHUP' ? 'SIGTERM' : signal));
  }
  await new Promise((_resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => process.exit(code ?? 128 + (signal ? constants.signals[signal] : 0)));
  });
}

function isFetchedNodeUsable() {
  const { stdout } = spawnSync(fetchedNode, ['--version'], { encoding: 'utf8' });
  return stdout?.trim() === `v${NODE_FETCHED}`;
}

function fetchNode() {
  process.stdout.write(
    `Node ${process.versions.node} is older than ${NODE_MIN.join('.')}; fetching Node ${NODE_FETCHED} into .node\n`,
  );
  mkdirSync(nodeDir, { recursive: true });
  npm([
    'install',
    '--prefix',
    nodeDir,
    '--no-save',
    '--no-audit',
    '--no-fund',
    '--ignore-scripts=false',
    `node@${NODE_FETCHED}`,
  ]);
  if (!isFetchedNodeUsable()) {
    fail(
      `unable to fetch Node ${NODE_FETCHED} through npm; see above for the reason; or install Node ${NODE_MIN.join('.')} or newer`,
    );
  }
}

/**
 * Installs what the lockfile says where that has not happened yet. Everything installed satisfies both kinds.
 *
 * @param {{ full: boolean }} options with or without what only tests and checks need
 */
export function ensureInstalled({ full }) {
  const lockfile = readFileSync(join(root, 'package-lock.json'));
  const fingerprint = createHash('sha256').update(lockfile).digest('hex');
  const isComplete = existsSync(join(root, 'node_modules', full ? 'vitest' : 'typescript', 'package.json'));
  if (isComplete && (readText(installStamp) === fingerprint || isInstalledByHand())) return;

  process.stdout.write(full ? 'installing packages\n' : 'installing packages (without test tools)\n');
  npm(['ci', '--no-audit', '--no-fund', '--ignore-scripts=false', ...(full ? ['--include=dev'] : ['--omit=dev'])]);
  writeFileSync(installStamp, fingerprint);
}

/** `npm install` by hand leaves npm's own record of what is installed, newer than the lockfile it followed. */
function isInstalledByHand() {
  const record = statSync(join(root, 'node_modules', '.package-lock.json'), { throwIfNoEntry: false });
  const lockfile = statSync(join(root, 'package-lock.json'));
  return !existsSync(installStamp) && record !== undefined && record.mtimeMs >= lockfile.mtimeMs;
}

/** @param {string[]} args */
function npm(args) {
  const { npm_execpath: npmCli } = process.env;
  const quiet = [...args, '--loglevel=error', '--no-progress'];
  const isScript = npmCli !== undefined && /\.c?js$/.test(npmCli);
  const { status } = spawnSync(isScript ? process.execPath : 'npm', isScript ? [npmCli, ...quiet] : quiet, {
    cwd: root,
    // npm's own chatter is of use only when it fails, and then it is on standard error.
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, HUSKY: '0' },
    shell: !isScript && process.platform === 'win32',
  });
  if (status !== 0)
    fail(`unable to install packages; npm ended with exit code ${status ?? 'unknown'}; see above for the reason`);
}

/** @param {string} file */
export function readText(file) {
  return existsSync(file) ? readFileSync(file, 'utf8') : null;
}
