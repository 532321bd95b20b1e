const find = (name) => document.querySelector(`[data-${name}]`);
const chat = document.querySelector('co-talk');
const dialog = find('sign-in');
const form = dialog.querySelector('form');

// Who is signed in here is signed in there: the club's server says so. `null` is nobody.
chat.tokenProvider = async () => {
  const answer = await window.fetch('chat-token', { method: 'POST' });
  if (answer.status === 401) return null;
  if (!answer.ok) throw new Error(`no chat token: ${answer.status}`);
  return answer.text();
};

/** The chat is for members. */
function show(name) {
  chat.hidden = name === null;
  find('you').hidden = name === null;
  find('open-sign-in').hidden = name !== null;
  find('name').textContent = name ?? '';
}

/** Somebody else is here: the chat is to ask. Where it has not loaded yet, it will. */
function change(name) {
  show(name);
  chat.identify?.();
}

find('open-sign-in').addEventListener('click', () => dialog.showModal());
find('close').addEventListener('click', () => dialog.close());

form.addEventListener('submit', async (event) => {
  event.preventDefault();
  const body = JSON.stringify({ name: form.elements.name.value, password: form.elements.password.value });
  const headers = { 'Content-Type': 'application/json' };
  const answer = await window.fetch('sign-in', { method: 'POST', headers, body });
  find('wrong').textContent = answer.ok ? '' : 'That name and password do not go together.';
  if (!answer.ok) return;
  change((await answer.json()).name);
  form.reset();
  dialog.close();
});

find('sign-out').addEventListener('click', async () => {
  await window.fetch('sign-out', { method: 'POST' });
  change(null);
});

show((await (await window.fetch('me')).json()).name);
