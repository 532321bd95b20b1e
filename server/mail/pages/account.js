// What a link in a mail opens. Nothing happens until somebody presses the button: mail scanners follow links, too.
import { TEXTS } from './texts.js';

/** @typedef {keyof typeof TEXTS.en} Key */

const carried = new URLSearchParams(location.hash.slice(1));
const token = carried.get('token') ?? '';
const wishes = [carried.get('lang'), ...navigator.languages].map((tag) => (tag ?? '').split('-')[0]);
const language = wishes.find((tag) => tag === 'en' || tag === 'ko') === 'ko' ? 'ko' : 'en';
const texts = TEXTS[language];

/** @param {string} id */
const find = (id) => document.getElementById(id);
const heading = document.querySelector('h1');
const lead = document.querySelector('.lead');
const form = document.querySelector('form');
const password = find('password');
const submit = document.querySelector('button[type=submit]');
const isReset = form?.id === 'reset';

document.documentElement.lang = language;
for (const element of document.querySelectorAll('[data-text]')) {
  const key = /** @type {Key} */ (element.getAttribute('data-text'));
  element.textContent = texts[key];
}
document.title = heading?.textContent ?? '';
if (token === '') end(isReset ? 'uselessReset' : 'uselessVerify');
else if (form) form.hidden = false;
// Another link opened in the same tab changes nothing but what stands behind the #.
addEventListener('hashchange', () => location.reload());

find('show')?.addEventListener('click', ({ currentTarget }) => {
  if (!(password instanceof HTMLInputElement) || !(currentTarget instanceof HTMLElement)) return;
  const shown = password.type === 'password';
  password.type = shown ? 'text' : 'password';
  currentTarget.setAttribute('aria-pressed', String(shown));
});

form?.addEventListener('submit', (event) => {
  event.preventDefault();
  void submitForm();
});

async function submitForm() {
  const typed = password instanceof HTMLInputElement ? password.value : '';
  if (isReset && typed === '') {
    complain('enterPassword');
    return;
  }
  complain(null);
  busy(true);
  // Beside this page, wherever it is.
  const path = isReset ? '../api/v1/auth/password/reset' : '../api/v1/auth/email/verify';
  const code = await post(path, isReset ? { token, password: typed } : { token });
  busy(false);
  if (code === '') done();
  else if (code === 'not_found') end(isReset ? 'uselessReset' : 'uselessVerify');
  else if (code === 'weak_password') complain('weak');
  else if (code === 'network') complain('network');
  else complain(code === 'rate_limited' || code === 'overloaded' ? 'limited' : 'other');
}

/**
 * @param {string} path
 * @param {object} body
 * @returns {Promise<string>} the code of what went wrong, or nothing
 */
async function post(path, body) {
  try {
    const answer = await fetch(path, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(20_000),
    });
    if (answer.ok) return '';
    /** @type {unknown} */
    const problem = await answer.json();
    return typeof problem === 'object' && problem !== null && 'code' in problem ? String(problem.code) : 'internal';
  } catch {
    return 'network';
  }
}

/** @param {Key | null} key */
function complain(key) {
  const problem = find('problem');
  if (problem) problem.textContent = key === null ? '' : texts[key];
  if (key === null) password?.removeAttribute('aria-invalid');
  else if (key === 'weak' || key === 'enterPassword') {
    password?.setAttribute('aria-invalid', 'true');
    password?.setAttribute('aria-describedby', 'problem hint');
    password?.focus();
  }
}

/** @param {boolean} now */
function busy(now) {
  if (submit instanceof HTMLButtonElement) submit.disabled = now;
  form?.setAttribute('aria-busy', String(now));
}

function done() {
  // It is worth nothing any more, but nobody has to find it in the history.
  history.replaceState(null, '', location.pathname);
  form?.remove();
  document.body.classList.add('done');
  if (heading) heading.textContent = texts[isReset ? 'resetDoneTitle' : 'verifyDoneTitle'];
  if (lead) lead.textContent = texts[isReset ? 'resetDoneText' : 'verifyDoneText'];
  document.title = heading?.textContent ?? '';
  heading?.focus();
}

/**
 * There is nothing to do here any more.
 * @param {Key} key
 */
function end(key) {
  form?.remove();
  lead?.remove();
  const failure = find('failure');
  if (failure) failure.textContent = texts[key];
}
