import { define } from './define.ts';
import { CHAT_PATH, LAUNCHER_CSS } from './launcher-look.ts';
import { SERVER_KEY } from './script-server.ts';

/** Where the build has put the widget, from here. */
declare const __CO_TALK_WIDGET__: string;

const LONG_PRESS_MS = 1000;

/** Idle moment, or soon where the browser knows none. */
const idle = (run: () => void): void => {
  if ('requestIdleCallback' in globalThis) requestIdleCallback(run, { timeout: 4000 });
  else setTimeout(run, 1200);
};

/** The tag this file came by; as a module there is no `currentScript`. */
function findScript(): HTMLScriptElement | null {
  const { currentScript } = document;
  if (currentScript instanceof HTMLScriptElement) return currentScript;
  const scripts = [...document.querySelectorAll<HTMLScriptElement>('script[src]')];
  return scripts.find(({ src }) => /\/co-talk(@[^/]+)?\.js([?#]|$)/.test(src)) ?? null;
}

const script = findScript();
const base = new URL('.', script?.src ?? location.href).href;
const server = base.replace(/\/$/, '');
const asked = new Set<string>();
let loading: Promise<unknown> | undefined;
/** Done when the launcher that is pressed is released. */
let released: Promise<unknown> | undefined;
let sheet: CSSStyleSheet | undefined;

/** Fetch the widget; the elements become it where they stand. */
function load(): void {
  if (loading) return;
  setBusy(true);
  loading = arrive().catch((error: unknown) => {
    loading = undefined;
    setBusy(false);
    console.error(
      'unable to load the chat; its script did not arrive; check the connection and the content security policy',
      error,
    );
  });
}

async function arrive(): Promise<void> {
  const url = new URL(__CO_TALK_WIDGET__, base).href;
  const { CoTalk } = (await import(/* @vite-ignore */ url)) as { CoTalk: CustomElementConstructor };
  // The element replaces the launcher, and a button that is gone at the release was never clicked.
  await released;
  define('co-talk', CoTalk);
}

function press(): void {
  released = new Promise((resolve) => {
    // The click follows the release. A release that nobody hears (in another window) holds nothing up for long.
    const release = () => setTimeout(resolve);
    for (const name of ['pointerup', 'pointercancel', 'keyup', 'blur']) addEventListener(name, release, { once: true });
    setTimeout(resolve, LONG_PRESS_MS);
  });
}

function setBusy(busy: boolean): void {
  for (const element of document.querySelectorAll('co-talk[open]')) {
    element.shadowRoot?.querySelector('button')?.setAttribute('aria-busy', String(busy));
  }
}

/** Show the launcher in an element that has no code yet. */
function draw(element: Element): void {
  if (!sheet)
    (sheet = new CSSStyleSheet()).replaceSync(`:host{display:contents}:host([hidden]){display:none}${LAUNCHER_CSS}`);
  const shadow = element.attachShadow({ mode: 'open' });
  shadow.adoptedStyleSheets = [sheet];
  const make = (tag: string, name: string) => {
    const made = document.createElement(tag);
    made.className = name;
    return made;
  };
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  const path = document.createElementNS('http://www.w3.org/2000/svg', 'path');
  svg.setAttribute('viewBox', '0 0 24 24');
  svg.setAttribute('aria-hidden', 'true');
  path.setAttribute('d', CHAT_PATH);
  svg.append(path);
  const button = make('button', 'launcher');
  button.part.add('launcher');
  button.setAttribute('aria-haspopup', 'dialog');
  button.setAttribute('aria-expanded', 'false');
  const lang = element.closest<HTMLElement>('[lang]')?.lang ?? '';
  button.setAttribute('aria-label', lang.startsWith('ko') ? '채팅 열기' : 'Open chat');
  button.append(svg);
  const slot = make('slot', '');
  slot.setAttribute('name', 'launcher');
  slot.append(button);
  const root = make('div', 'root');
  const launch = make('div', 'launch');
  launch.append(slot);
  root.append(launch);
  shadow.append(root);
  slot.addEventListener('pointerenter', load);
  slot.addEventListener('focusin', load);
  slot.addEventListener('pointerdown', press);
  slot.addEventListener('keydown', press);
  slot.addEventListener('click', () => {
    element.toggleAttribute('open');
    // Safari does not focus what is clicked, and the focus is to follow into the panel.
    button.focus();
    load();
    setBusy(true);
  });
}

/** Somebody who is signed in and has unread messages gets the widget, and with it the count, in an idle moment. */
async function ask(at: string, app: string): Promise<void> {
  const key = `co-talk:${at}:${app}:session`;
  if (asked.has(key)) return;
  asked.add(key);
  try {
    const stored = JSON.parse(localStorage.getItem(key) ?? 'null') as { accessToken: string; renewAt: number } | null;
    if (!stored) return;
    // An expired token is the widget's to renew.
    if (stored.renewAt < Date.now()) {
      load();
      return;
    }
    const headers = { authorization: `Bearer ${stored.accessToken}` };
    const answer = await fetch(`${at}/api/v1/me/unread`, { headers });
    const { count } = (await answer.json()) as { count?: number };
    if (!answer.ok || count) load();
  } catch {
    // Blocked storage, no network: the launcher waits to be clicked.
  }
}

function take(element: Element): void {
  if (element.shadowRoot || customElements.get('co-talk')) return;
  if (element.getAttribute('layout') === 'inline') {
    new IntersectionObserver(
      (entries, observer) => {
        if (!entries.some((entry) => entry.isIntersecting)) return;
        observer.disconnect();
        load();
      },
      { rootMargin: '200px' },
    ).observe(element);
    return;
  }
  draw(element);
  // Whoever follows an invitation wants to see where it leads.
  if (element.hasAttribute('open') || location.hash.startsWith('#co-talk-invite=')) {
    load();
    return;
  }
  idle(() => {
    const app = element.getAttribute('app');
    // Without an app the widget says what is missing.
    if (app) void ask((element.getAttribute('server') ?? server).replace(/\/+$/, ''), app);
    else load();
  });
}

function takeAll(): void {
  document.querySelectorAll('co-talk').forEach(take);
}

/** `<script async src="…/co-talk.js" data-app="…">` alone is a chat, too: every `data-` is an attribute of the element. */
function insert(): void {
  if (!script?.dataset['app']) return;
  const element = document.createElement('co-talk');
  for (const [name, value] of Object.entries(script.dataset))
    element.setAttribute(name.replace(/[A-Z]/g, '-$&'), value ?? '');
  document.body.append(element);
}

function start(): void {
  insert();
  takeAll();
  const observer = new MutationObserver(takeAll);
  observer.observe(document.documentElement, { childList: true, subtree: true });
  void customElements.whenDefined('co-talk').then(() => observer.disconnect());
}

const name = Symbol.for(SERVER_KEY);
if (!Reflect.has(globalThis, name)) {
  Reflect.set(globalThis, name, server);
  if (document.readyState === 'loading') document.addEventListener('DOMContentLoaded', start);
  else start();
}
