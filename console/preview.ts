// A page of the server's own with a chat on it, for the console to show: `?app=…&theme=…&layout=…&lang=…`.

const asked = new URLSearchParams(location.search);
const chat = document.createElement('co-talk');
for (const name of ['app', 'theme', 'layout', 'lang', 'guest']) {
  const value = asked.get(name);
  if (value !== null) chat.setAttribute(name, value);
}

// What stands in for the site around it.
const site = document.createElement('div');
site.className = 'site';
site.ariaHidden = 'true';
for (const part of ['bar', 'title', 'line', 'line', 'line short', 'row']) {
  const block = document.createElement('i');
  block.className = part;
  site.append(block);
}

const sheet = new CSSStyleSheet();
sheet.replaceSync(`
  :root { color-scheme: light; --ground: #fff; --block: #eef0f4; }
  :root.dark { color-scheme: dark; --ground: #0f1115; --block: #1e2128; }
  html, body { block-size: 100%; margin: 0; background: var(--ground); font: 14px/20px system-ui, sans-serif; }
  .site { display: grid; gap: 14px; max-inline-size: 860px; margin-inline: auto; padding: 28px clamp(16px, 5vw, 48px); }
  .site i { display: block; block-size: 12px; border-radius: 6px; background: var(--block); }
  .site .bar { block-size: 20px; inline-size: 40%; margin-block-end: 28px; }
  .site .title { block-size: 34px; inline-size: 70%; border-radius: 10px; }
  .site .short { inline-size: 55%; }
  .site .row { block-size: 180px; border-radius: 14px; margin-block-start: 18px; }
  co-talk[layout='inline'] { display: block; block-size: 100%; }
`);
document.adoptedStyleSheets = [sheet];
document.documentElement.classList.toggle('dark', asked.get('theme') === 'dark');
if (asked.get('layout') !== 'inline') document.body.append(site);
document.body.append(chat);
