import { cpSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import nodeResolve from '@rollup/plugin-node-resolve';
import terser from '@rollup/plugin-terser';

// Everything here starts from what `tsc --build` has written.
const widgetDir = 'widget/dist';
const publicDir = 'server/dist/public';
const demoDir = 'server/dist/demo';

// Named here: otherwise the environment decides, and some libraries log in development.
const resolveForBrowsers = () => nodeResolve({ browser: true, exportConditions: ['production'] });
const minify = ({ module }) =>
  terser({
    ecma: 2022,
    module,
    compress: { passes: 3 },
    // Names that start with one underscore are the libraries' own; all of one library is in one file.
    mangle: { properties: { regex: /^_[a-z]/i } },
    format: { comments: false },
  });

/** What libraries ask in the way of Node, browsers cannot answer. */
const forProduction = () => ({
  name: 'for-production',
  transform: (code) => ({ code: code.replaceAll('process.env.NODE_ENV', '"production"'), map: null }),
});

/** The client speaks WebSocket alone; Socket.IO's table of transports would bring the others along. */
const webSocketOnly = () => ({
  name: 'web-socket-only',
  load: (id) =>
    /engine\.io-client\/build\/esm\/transports\/index\.js$/.test(id.replaceAll('\\', '/'))
      ? "import { WS } from './websocket.js'; export const transports = { websocket: WS };"
      : null,
  // Nobody asks for the others now, but one of them runs code when it is loaded.
  transform: (code, id) =>
    /engine\.io-client\/build\/esm\/transports\/polling/.test(id.replaceAll('\\', '/'))
      ? { code, map: null, moduleSideEffects: false }
      : null,
});

const EMPTY_OF_BINARY = {
  'is-binary.js': 'export const isBinary = () => false; export const hasBinary = isBinary;',
  'binary.js': 'export const deconstructPacket = () => undefined; export const reconstructPacket = deconstructPacket;',
};

/** Nothing binary travels over the socket; files have their own way. */
const textOnly = () => ({
  name: 'text-only',
  load(id) {
    const [, file] = /socket\.io-parser\/build\/esm\/([\w-]+\.js)$/.exec(id.replaceAll('\\', '/')) ?? [];
    return EMPTY_OF_BINARY[file] ?? null;
  },
});

/** Indentation inside of css`…` and html`…` is text, which no minifier of JavaScript touches. */
const minifyTemplates = () => ({
  name: 'minify-templates',
  transform: (code) => ({
    code: code.replaceAll(/\bcss ?`[^`]*`/g, (styles) =>
      styles
        .split(/(\$\{[^}]*\})/)
        .map((part, index) => (index % 2 ? part : minifyCss(part)))
        .join(''),
    ),
    map: null,
  }),
  // All other line breaks are gone by now.
  renderChunk: { order: 'post', handler: (code) => ({ code: code.replaceAll(/\n\s+/g, ' '), map: null }) },
});

const minifyCss = (css) =>
  css
    .replaceAll(/\/\*.*?\*\//gs, '')
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/ ?([{};,>]) ?/g, '$1')
    // After a colon only: before one, a space tells a descendant from the element itself.
    .replaceAll(': ', ':')
    .replaceAll(/([ ,(:])0\./g, '$1.')
    .replaceAll(';}', '}');

let widgetFile = '';

/** Remembers the name that the bundled widget has got, for the loader that is built after it. */
const rememberWidget = () => ({
  name: 'remember-widget',
  renderStart: () => rmSync(`${widgetDir}/assets`, { recursive: true, force: true }),
  generateBundle(_options, bundle) {
    const entry = Object.values(bundle).find((file) => file.type === 'chunk' && file.isEntry);
    if (!entry) this.error('the widget has no entry');
    widgetFile = `./${entry.fileName}`;
  },
});

const insertWidget = () => ({
  name: 'insert-widget',
  transform: (code) => ({
    code: code
      .replaceAll('__CO_TALK_WIDGET__', JSON.stringify(widgetFile))
      // The compiler's helper for imports of computed paths: this one is complete.
      .replace(/^var __rewriteRelativeImportExtension =.*?^};\n/ms, '')
      .replaceAll('import(__rewriteRelativeImportExtension(', 'import(('),
    map: null,
  }),
});

/** Puts what browsers load into the server package, compressed once and for all, with the demo site beside it. */
const publishToServer = () => ({
  name: 'publish-to-server',
  async writeBundle() {
    rmSync(publicDir, { recursive: true, force: true });
    const assets = readdirSync(`${widgetDir}/assets`).map((name) => `assets/${name}`);
    await Promise.all(['co-talk.js', ...assets].filter((name) => name.endsWith('.js')).map(publish));
    rmSync(demoDir, { recursive: true, force: true });
    cpSync('examples/script-tag', demoDir, {
      recursive: true,
      filter: (path) => !['package.json', 'README.md', 'node_modules'].includes(basename(path)),
    });
  },
});

async function publish(name) {
  const content = readFileSync(join(widgetDir, name));
  const target = join(publicDir, name);
  const quality = { params: { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY } };
  mkdirSync(dirname(target), { recursive: true });
  writeFileSync(target, content);
  writeFileSync(`${target}.br`, await promisify(brotliCompress)(content, quality));
  writeFileSync(`${target}.gz`, await promisify(gzip)(content, { level: 9 }));
}

export default [
  {
    input: 'sdk/dist/index.js',
    output: { file: 'sdk/dist/co-talk-sdk.iife.js', format: 'iife', name: 'CoTalk' },
    plugins: [forProduction(), webSocketOnly(), textOnly(), resolveForBrowsers(), minify({ module: false })],
  },
  {
    input: 'widget/dist/tsc/index.js',
    external: (id) => !id.startsWith('.') && !id.startsWith('/') && !/^[A-Z]:\\/i.test(id),
    output: { dir: widgetDir, format: 'es', entryFileNames: '[name].js', chunkFileNames: '[name].js' },
  },
  {
    input: { widget: 'widget/dist/tsc/index.js' },
    // Nobody imports from this one: it may share its chunk, which saves a request.
    preserveEntrySignatures: false,
    output: {
      dir: widgetDir,
      format: 'es',
      entryFileNames: 'assets/[name]-[hash].js',
      chunkFileNames: 'assets/[name]-[hash].js',
    },
    plugins: [
      forProduction(),
      webSocketOnly(),
      textOnly(),
      resolveForBrowsers(),
      minifyTemplates(),
      minify({ module: true }),
      rememberWidget(),
    ],
  },
  {
    input: 'widget/dist/tsc/loader.js',
    output: { file: `${widgetDir}/co-talk.js`, format: 'iife' },
    plugins: [insertWidget(), minifyTemplates(), minify({ module: true }), publishToServer()],
  },
];
