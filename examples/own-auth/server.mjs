import { randomBytes, scryptSync, timingSafeEqual } from 'node:crypto';
import { readFileSync } from 'node:fs';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { createUserToken } from '@co-talk/server/token';
import express from 'express';
import { readSettings } from './settings.mjs';

const { coTalk, app, key, keyId, port } = await readSettings();
const files = fileURLToPath(new URL('./public/', import.meta.url));
const html = readFileSync(`${files}index.html`, 'utf8');
const page = html.replaceAll('http://localhost:3000', coTalk).replaceAll('app="default"', `app="${app}"`);

// The club's own members and sign-in, which know nothing of the chat.
const hash = (password, salt) => scryptSync(password, salt, 32);
const member = (id, name, password, salt = randomBytes(16)) => ({ id, name, salt, hash: hash(password, salt) });
const members = [member(1, 'Mira Oduya', 'spray'), member(2, 'Jonas Vik', 'spray'), member(3, 'Yuna Seo', 'spray')];
const nobody = member(0, '', 'nobody');
const sessions = new Map();

const sessionOf = (req) => /(?:^|;\s*)club=([\w-]+)/.exec(req.get('cookie') ?? '')?.[1];
const who = (req) => sessions.get(sessionOf(req));
const cookie = { httpOnly: true, sameSite: 'lax', secure: process.env.NODE_ENV === 'production' };

const site = express();
site.disable('x-powered-by');
site.use((_req, res, next) => {
  const talk = `${coTalk} ${coTalk.replace(/^http/, 'ws')}`;
  const policy = `default-src 'self'; script-src 'self' ${coTalk}; connect-src 'self' ${talk}; img-src 'self' ${coTalk} https: data:`;
  res.set({ 'Content-Security-Policy': `${policy}; base-uri 'none'`, 'X-Content-Type-Options': 'nosniff' });
  next();
});
site.get('/', (_req, res) => res.type('html').send(page));
site.use(express.static(files, { index: false }), express.json());
site.get('/me', (req, res) => res.json({ name: who(req)?.name ?? null }));
site.post('/sign-in', (req, res) => {
  const { name = '', password = '' } = req.body ?? {};
  const found = members.find((known) => known.name === name) ?? nobody;
  const right = timingSafeEqual(hash(String(password), found.salt), found.hash);
  if (!right || found === nobody) return res.status(401).end();
  const session = randomBytes(24).toString('base64url');
  sessions.set(session, found);
  return res.cookie('club', session, cookie).json({ name: found.name });
});
site.post('/sign-out', (req, res) => {
  sessions.delete(sessionOf(req));
  res.clearCookie('club', cookie).status(204).end();
});

// All that the chat needs: a token that says who is signed in here.
site.post('/chat-token', (req, res) => {
  const user = who(req);
  if (!user) return res.status(401).end();
  return res.type('text').send(createUserToken({ id: user.id, nickname: user.name }, { app, key, keyId }));
});

const listening = site.listen(port, (error) => {
  if (error) throw error;
  process.stdout.write(`The rowing club is at http://localhost:${listening.address().port}\n`);
});
