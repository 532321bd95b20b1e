// Any web server will do: these are plain files. This one puts in where Co-Talk is.
import { readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname } from 'node:path';
import process from 'node:process';

const { CO_TALK_URL = 'http://localhost:3000', CO_TALK_APP = 'default', PORT = '3003' } = process.env;
const TYPES = { '.html': 'text/html', '.css': 'text/css', '.js': 'text/javascript', '.svg': 'image/svg+xml' };

const folder = new URL('./public/', import.meta.url);
const files = new Map(
  readdirSync(folder).map((name) => [
    `/${name}`,
    readFileSync(new URL(name, folder), 'utf8')
      .replaceAll('http://localhost:3000', CO_TALK_URL.replace(/\/+$/, ''))
      .replaceAll('app="default"', `app="${CO_TALK_APP}"`),
  ]),
);

const server = createServer((req, res) => {
  const [path = '/'] = (req.url ?? '/').split('?');
  const name = path === '/' ? '/index.html' : path;
  const body = files.get(name);
  const type = body === undefined ? 'text/plain' : TYPES[extname(name)];
  res.writeHead(body === undefined ? 404 : 200, { 'Content-Type': `${type}; charset=utf-8` });
  res.end(body ?? 'There is nothing here.\n');
});

server.listen(Number(PORT), () => {
  process.stdout.write(`The star night is at http://localhost:${server.address().port}\n`);
});
