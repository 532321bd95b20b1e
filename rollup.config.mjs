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
      : // Nor is there anything to change to from WebSocket.
        {
          code: code.replace('class Socket extends SocketWithUpgrade', 'class Socket extends SocketWithoutUpgrade'),
          map: null,
        },
});

/** What stands in for files of the socket's libraries: nothing binary travels over it, for files have their own way. */
const SPARE = {
  'socket.io-parser/build/esm/is-binary.js': 'export const isBinary = () => false; export const hasBinary = isBinary;',
  'socket.io-parser/build/esm/binary.js':
    'export const deconstructPacket = () => undefined; export const reconstructPacket = deconstructPacket;',
  'engine.io-parser/build/esm/encodePacket.browser.js': `import { PACKET_TYPES } from './commons.js';
    export const encodePacket = ({ type, data }, _, done) => done(PACKET_TYPES[type] + (data || ''));
    export const encodePacketToBinary = encodePacket;`,
  'engine.io-parser/build/esm/decodePacket.browser.js': `import { ERROR_PACKET, PACKET_TYPES_REVERSE } from './commons.js';
    export const decodePacket = (text) => {
      const type = PACKET_TYPES_REVERSE[String(text)[0]];
      return type ? { type, data: text.slice(1) || undefined } : ERROR_PACKET;
    };`,
  // The client hands over an origin that it has read in this way itself.
  'engine.io-client/build/esm/contrib/parseuri.js': `export const parse = (source) => {
      const { protocol, hostname, port } = new URL(source);
      return { source, protocol: protocol.slice(0, -1), host: hostname.replace(/[[\\]]/g, ''), port, path: '/', query: '' };
    };`,
  'engine.io-client/build/esm/contrib/parseqs.js': `export const encode = (query) => String(new URLSearchParams(query));
    export const decode = encode;`,
  // Browsers take no options for a WebSocket, and only polling counts bytes.
  'engine.io-client/build/esm/util.js': `export const pick = () => ({});
    export const byteLength = () => 0;
    export const randomString = () => '';
    export const installTimerFunctions = (target) => {
      target.setTimeoutFn = setTimeout.bind(globalThis);
      target.clearTimeoutFn = clearTimeout.bind(globalThis);
    };`,
  // Every connection is new, and has one namespace.
  'socket.io-client/build/esm/index.js': `import { Manager } from './manager.js';
    export const io = (uri, opts) => new Manager(uri, opts).socket('/', opts);`,
  // The client waits and comes back by itself.
  'socket.io-client/build/esm/contrib/backo2.js': 'export class Backoff { reset() {} }',
};

const fileOf = (id) => /[\w.-]+\/build\/esm\/(?:contrib\/)?[\w.-]+\.js$/.exec(id.replaceAll('\\', '/'))?.[0];

const withSpares = () => ({ name: 'with-spares', load: (id) => SPARE[fileOf(id)] ?? null });

/** Methods of the socket's libraries that are empty in the bundles, for Co-Talk does without, and those that have less to do there. */
const IDLE = {
  'socket.io-client/build/esm/socket.js': [
    ...['emitWithAck', '_addToQueue', '_drainQueue', 'compress', 'onAny', 'prependAny', 'offAny', 'listenersAny'],
    ...['onAnyOutgoing', 'prependAnyOutgoing', 'offAnyOutgoing', 'listenersAnyOutgoing', 'notifyOutgoingListeners'],
    // The server asks for no answer.
    ...['send', 'volatile', 'ack', 'disconnected'],
  ],
  // The client reconnects by itself.
  'socket.io-client/build/esm/manager.js': [
    ...[
      'reconnect',
      'onreconnect',
      'maybeReconnectOnOpen',
      'reconnection',
      'reconnectionAttempts',
      'reconnectionDelay',
    ],
    ...['reconnectionDelayMax', 'randomizationFactor', 'connect', 'disconnect', 'onping', 'timeout'],
  ],
  'engine.io-client/build/esm/socket.js': ['_probe', '_filterUpgrades', 'send'],
  'socket.io-parser/build/esm/index.js': ['encodeAsBinary', 'takeBinaryData', 'finishedReconstruction'],
};

const LESS = {
  'socket.io-client/build/esm/socket.js': {
    // Nothing is sent again by itself, and no connection recovered.
    emit: `(...data) {
      const packet = { type: PacketType.EVENT, data, options: {} };
      if (typeof data.at(-1) === 'function') {
        packet.id = this.ids++;
        this._registerAckCallback(packet.id, data.pop());
      }
      if (this.connected && !this.io.engine._hasPingExpired()) this.packet(packet);
      else this.sendBuffer.push(packet);
      this.flags = {};
      return this;
    }`,
    onopen: '() { this.packet({ type: PacketType.CONNECT, data: this.auth }); }',
    _sendConnectPacket: '() {}',
    emitEvent: '(args) { super.emit(...args); }',
    onevent: '({ data }) { if (this.connected) super.emit(...data); else this.receiveBuffer.push(data); }',
    onpacket: `(packet) {
      const { type, data } = packet;
      if (type === PacketType.CONNECT) this.onconnect(data.sid);
      else if (type === PacketType.EVENT) this.onevent(packet);
      else if (type === PacketType.ACK) this.onack(packet);
      else if (type === PacketType.DISCONNECT) this.ondisconnect();
      else {
        this.destroy();
        this.emitReserved('connect_error', Object.assign(new Error(data.message), { data: data.data }));
      }
    }`,
    onconnect: `(id) {
      this.id = id;
      this.connected = true;
      this.emitBuffered();
      this.emitReserved('connect');
    }`,
  },
  'socket.io-client/build/esm/manager.js': {
    constructor: `(uri, opts) {
      super();
      this.nsps = {};
      this.subs = [];
      opts.path = '/socket.io';
      this.opts = opts;
      installTimerFunctions(this);
      this.backoff = new Backoff();
      this._timeout = opts.timeout;
      this._readyState = 'closed';
      this.uri = uri;
      this.encoder = new parser.Encoder();
      this.decoder = new parser.Decoder();
      this._autoConnect = true;
      this.open();
    }`,
    socket: '(nsp, opts) { return (this.nsps[nsp] = new Socket(this, nsp, opts)); }',
  },
  // One transport, and all options as the client gives them.
  'engine.io-client/build/esm/socket.js': {
    constructor: `(uri, opts) {
      super();
      const { protocol, host, port } = parse(uri);
      installTimerFunctions(this);
      this.writeBuffer = [];
      this._prevBufferLen = 0;
      this._pingTimeoutTime = Infinity;
      this.secure = protocol === 'https';
      this.hostname = host;
      this.port = port;
      this.opts = { ...opts, path: opts.path + '/' };
      if (withEventListeners && host !== 'localhost') {
        this._offlineEventListener = () => this._onClose('transport close');
        OFFLINE_EVENT_LISTENERS.push(this._offlineEventListener);
      }
      this._open();
    }`,
    _open: `() {
      this.readyState = 'opening';
      const { opts, hostname, secure, port } = this;
      const query = { EIO: protocol, transport: 'websocket' };
      const transport = new DEFAULT_TRANSPORTS.websocket({ ...opts, query, socket: this, hostname, secure, port });
      transport.open();
      this.setTransport(transport);
    }`,
    createTransport: '() {}',
    onOpen: `() {
      this.readyState = 'open';
      this.emitReserved('open');
      this.flush();
    }`,
    _getWritablePackets: '() { return this.writeBuffer; }',
    _onError: `(error) {
      this.emitReserved('error', error);
      this._onClose('transport error', error);
    }`,
    close: `() {
      if (this.readyState !== 'opening' && this.readyState !== 'open') return;
      const close = () => {
        this._onClose('forced close');
        this.transport.close();
      };
      this.readyState = 'closing';
      if (this.writeBuffer.length) this.once('drain', close);
      else close();
    }`,
  },
  // No namespaces, nothing binary.
  'socket.io-parser/build/esm/index.js': {
    encodeAsString: `({ type, id, data }) {
      return type + String(id ?? '') + (data === undefined ? '' : JSON.stringify(data));
    }`,
    decodeString: `(text) {
      const [, digit, id, data] = /^([0-4])(\\d*)(.*)$/s.exec(text);
      const type = Number(digit);
      const packet = { type, nsp: '/' };
      if (id) packet.id = Number(id);
      if (data) packet.data = JSON.parse(data);
      if ((type === PacketType.EVENT || type === PacketType.ACK) && !Array.isArray(packet.data)) throw new Error(text);
      return packet;
    }`,
    add: `(text) { super.emitReserved('decoded', this.decodeString(text)); }`,
    destroy: '() {}',
    tryParse: '() {}',
    isPayloadValid: '() {}',
  },
};

/** Empties methods that nobody calls, or that have nothing to do, and shortens others: a class is kept whole otherwise. */
const withoutIdle = () => ({
  name: 'without-idle',
  transform(code, id) {
    const file = fileOf(id);
    const idle = (IDLE[file] ?? []).map((name) => [name, null]);
    const changes = new Map([...idle, ...Object.entries(LESS[file] ?? {})]);
    if (changes.size === 0) return null;
    const members = this.parse(code).body.flatMap((node) => (node.declaration ?? node).body?.body ?? []);
    const found = members.filter(({ type, key }) => type === 'MethodDefinition' && changes.has(key.name));
    for (const name of changes.keys())
      if (!found.some(({ key }) => key.name === name)) this.error(`unable to change ${name}; it is not in ${file}`);
    // From the last one on: what is before it stays where it is.
    for (const { key, value } of found.sort((a, b) => b.value.start - a.value.start)) {
      const less = changes.get(key.name);
      const [start, body] = less === null ? [value.body.start, '{}'] : [value.start, less];
      code = `${code.slice(0, start)}${body}${code.slice(value.body.end)}`;
    }
    return { code, map: null };
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

/** What is left out of, and found for, everything that browsers load with the SDK in it. */
const forBrowsers = () => [forProduction(), webSocketOnly(), withSpares(), withoutIdle(), resolveForBrowsers()];

export default [
  {
    input: 'sdk/dist/index.js',
    // One file: what is fetched later elsewhere is in it.
    output: { file: 'sdk/dist/co-talk-sdk.iife.js', format: 'iife', name: 'CoTalk', inlineDynamicImports: true },
    plugins: [...forBrowsers(), minify({ module: false })],
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
    plugins: [...forBrowsers(), minifyTemplates(), minify({ module: true }), rememberWidget()],
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
