// Runs before anything is installed, on Node 20 too: nothing but Node's own modules may be imported here.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { constants } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('..', import.meta.url));

const NODE_MIN = /** @type {const} */ ([22, 17]);
const NODE_FETCHED = '24.21.0';
const SIGNALS = /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP']);
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

  if (!isFetchedNodeUsable()) await fetchNode();
  const env = { ...process.env, PATH: [join(fetchedNode, '..'), process.env.PATH].join(delimiter) };
  process.exit(await run(fetchedNode, [...process.execArgv, ...process.argv.slice(1)], { env }));
}

/**
 * Runs a program to its end and resolves with its exit code, 128 + the signal's number where one ended it. A signal
 * that reaches this process in the meantime ends the program, and then this process.
 *
 * @param {string} program
 * @param {string[]} args
 * @param {import('node:child_process').SpawnOptions} [options]
 * @returns {Promise<number>}
 */
export async function run(program, args, options) {
  const child = spawn(program, args, { cwd: root, stdio: 'inherit', ...options });
  const state = { signalled: false };
  const forward = (/** @type {NodeJS.Signals} */ signal) => {
    state.signalled = true;
    child.kill(signal);
  };
  const stopWithParent = watchParent(() => forward('SIGTERM'));
  for (const signal of SIGNALS) process.on(signal, forward);
  /** @type {number} */
  const code = await new Promise((resolve) => {
    child.once('error', (error) => {
      process.stderr.write(`unable to run ${program}; ${error.message}\n`);
      resolve(1);
    });
    child.once('exit', (/** @type {number | null} */ status, /** @type {NodeJS.Signals | null} */ signal) =>
      resolve(status ?? 128 + (signal ? constants.signals[signal] : 0)),
    );
  });
  for (const signal of SIGNALS) process.off(signal, forward);
  clearInterval(stopWithParent);
  if (state.signalled) process.exit(code);
  return code;
}

/**
 * A process manager or an impatient person may end npm without a word to what it has started.
 *
 * @param {() => void} onOrphaned
 */
export function watchParent(onOrphaned) {
  const parent = process.ppid;
  // npm runs a script through a shell, which outlives it.
  const npmPid = isShellOfNpm(parent) ? parentOf(parent) : null;
  const timer = setInterval(() => {
    if (process.ppid === parent && (npmPid === null || parentOf(parent) === npmPid)) return;
    clearInterval(timer);
    onOrphaned();
  }, 500);
  return timer.unref();
}

/** @param {number} pid */
function isShellOfNpm(pid) {
  const { npm_lifecycle_script: script } = process.env;
  return script !== undefined && readText(`/proc/${pid}/cmdline`)?.split('\0').includes(script) === true;
}

/** @param {number} pid */
function parentOf(pid) {
  // The program's name comes second, in brackets, and may contain anything.
  return Number(readText(`/proc/${pid}/stat`)?.split(') ').at(-1)?.split(' ')[1] ?? 0);
}

function isFetchedNodeUsable() {
  return (
    existsSync(fetchedNode) &&
    spawnSync(fetchedNode, ['--version'], { encoding: 'utf8' }).stdout.trim() === `v${NODE_FETCHED}`
  );
}

async function fetchNode() {
  process.stdout.write(
    `Node ${process.versions.node} is older than ${NODE_MIN.join('.')}; fetching Node ${NODE_FETCHED} into .node\n`,
  );
  mkdirSync(nodeDir, { recursive: true });
  await npm([
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
export async function ensureInstalled({ full }) {
  const lockfile = readFileSync(join(root, 'package-lock.json'));
  const fingerprint = createHash('sha256').update(lockfile).digest('hex');
  const isComplete = existsSync(join(root, 'node_modules', full ? 'vitest' : 'typescript', 'package.json'));
  if (isComplete && (readText(installStamp) === fingerprint || isInstalledByHand())) return;

  process.stdout.write(full ? 'installing packages\n' : 'installing packages (without test tools)\n');
  await npm([
    'ci',
    '--no-audit',
    '--no-fund',
    '--ignore-scripts=false',
    ...(full ? ['--include=dev'] : ['--omit=dev']),
  ]);
  writeFileSync(installStamp, fingerprint);
}

/** `npm install` by hand leaves npm's own record of what is installed, newer than the lockfile it followed. */
function isInstalledByHand() {
  const record = statSync(join(root, 'node_modules', '.package-lock.json'), { throwIfNoEntry: false });
  const lockfile = statSync(join(root, 'package-lock.json'));
  return !existsSync(installStamp) && record !== undefined && record.mtimeMs >= lockfile.mtimeMs;
}

/** @param {string[]} args */
async function npm(args) {
  const { npm_execpath: npmCli } = process.env;
  const quiet = [...args, '--loglevel=error', '--no-progress'];
  const isScript = npmCli !== undefined && /\.c?js$/.test(npmCli);
  const status = await run(isScript ? process.execPath : 'npm', isScript ? [npmCli, ...quiet] : quiet, {
    // npm's own chatter is of use only when it fails, and then it is on standard error.
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, HUSKY: '0' },
    shell: !isScript && process.platform === 'win32',
  });
  if (status !== 0) fail(`unable to install packages; npm ended with exit code ${status}; see above for the reason`);
}

/** @param {string} file */
export function readText(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return null;
  }
}
