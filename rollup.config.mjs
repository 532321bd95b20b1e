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
const consoleDir = 'console/dist/bundle';

// Named here: otherwise the environment decides, and some libraries log in development.
const resolveForBrowsers = () => nodeResolve({ browser: true, exportConditions: ['production'] });
const minify = ({ module }) =>
  terser({
    ecma: 2022,
    module,
    compress: { passes: 3 },
    format: { comments: false },
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
    const scripts = ['co-talk.js', ...assets].filter((name) => name.endsWith('.js'));
    await Promise.all(scripts.map((name) => publish(join(widgetDir, name), name)));
    cpSync('server/mail/pages', 'server/dist/mail/pages', { recursive: true });
    rmSync(demoDir, { recursive: true, force: true });
    cpSync('examples/script-tag', demoDir, {
      recursive: true,
      filter: (path) => !['package.json', 'README.md', 'node_modules'].includes(basename(path)),
    });
  },
});

/** Puts the page that shows the API beside it. */
const publishApiPage = () => ({
  name: 'publish-api-page',
  async writeBundle({ file }) {
    await publish(file, 'docs/api.js');
    for (const name of ['api.html', 'api.css']) await publish(`server/openapi/page/${name}`, `docs/${name}`);
  },
});

async function publish(source, name) {
  const content = readFileSync(source);
  const target = join(publicDir, name);
  const quality = { params: { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY } };
  mkdirSync(dirname(target), { recursive: true });
  writeFileSync(target, content);
  writeFileSync(`${target}.br`, await promisify(brotliCompress)(content, quality));
  writeFileSync(`${target}.gz`, await promisify(gzip)(content, { level: 9 }));
}

/** Puts the console's pages into the server package, with the names that their scripts have got. */
const publishConsole = () => ({
  name: 'publish-console',
  renderStart: () => rmSync(consoleDir, { recursive: true, force: true }),
  async writeBundle(_options, bundle) {
    const chunks = Object.values(bundle).filter(({ type }) => type === 'chunk');
    await Promise.all(chunks.map(({ fileName }) => publish(join(consoleDir, fileName), fileName)));
    for (const page of ['index', 'preview']) {
      const html = readFileSync(`console/${page}.html`, 'utf8').replace(/__(\w+?)__/, (_, name) => {
        const entry = chunks.find((chunk) => chunk.isEntry && chunk.name === name.toLowerCase());
        return `/${entry.fileName}`;
      });
      const file = join(consoleDir, `${page}.html`);
      writeFileSync(file, html);
      await publish(file, `console/${page}.html`);
    }
  },
});

export default [
  {
    input: 'sdk/dist/index.js',
    // One file: what is fetched later elsewhere is in it.
    output: { file: 'sdk/dist/co-talk-sdk.iife.js', format: 'iife', name: 'CoTalk', inlineDynamicImports: true },
    plugins: [resolveForBrowsers(), minify({ module: false })],
  },
  {
    input: 'widget/dist/tsc/index.js',
    external: (id) => !id.startsWith('.') && !id.startsWith('/') && !/^[A-Z]:\\/i.test(id),
    output: { dir: widgetDir, format: 'es', entryFileNames: '[name].js', chunkFileNames: '[name].js' },
  },
  {
    // The loader defines the element, when nobody presses its button.
    input: { widget: 'widget/dist/tsc/co-talk.js' },
    // The loader asks for one name only: the entry may share its chunk, which saves a request.
    preserveEntrySignatures: 'allow-extension',
    output: {
      dir: widgetDir,
      format: 'es',
      entryFileNames: 'assets/[name]-[hash].js',
      chunkFileNames: 'assets/[name]-[hash].js',
    },
    plugins: [resolveForBrowsers(), minifyTemplates(), minify({ module: true }), rememberWidget()],
  },
  {
    input: 'widget/dist/tsc/loader.js',
    output: { file: `${widgetDir}/co-talk.js`, format: 'iife' },
    plugins: [insertWidget(), minifyTemplates(), minify({ module: true }), publishToServer()],
  },
  {
    input: '.cache/api-page/api.js',
    output: { file: '.cache/api-page/bundle/api.js', format: 'es' },
    plugins: [resolveForBrowsers(), minifyTemplates(), minify({ module: true }), publishApiPage()],
  },
  {
    input: { main: 'console/dist/tsc/main.js', preview: 'console/dist/tsc/preview.js' },
    output: {
      dir: consoleDir,
      format: 'es',
      entryFileNames: 'assets/console-[name]-[hash].js',
      chunkFileNames: 'assets/console-[name]-[hash].js',
    },
    plugins: [resolveForBrowsers(), minifyTemplates(), minify({ module: true }), publishConsole()],
  },
];
