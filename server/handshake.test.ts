import { connect } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startTestApp, type TestApp } from './testing.ts';
import { upgradeRequest } from './testing-line.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.close());

/** Asks for a WebSocket, from a page that has to be looked up, and breaks the connection without waiting for the answer. */
function knockAndRun(port: number): Promise<void> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      const request = upgradeRequest('localhost', 'Origin: https://shop.example.com');
      socket.write(request, () => socket.resetAndDestroy());
    });
    socket.on('close', () => {
      resolve();
    });
  });
}

it('survives those who break their connection while they knock', async () => {
  const uncaught: unknown[] = [];
  const note = (error: unknown) => void uncaught.push(error);
  process.on('uncaughtException', note);
  const port = Number(new URL(app.url).port);
  // All at once: the lookups take longer than the breaks.
  await Promise.all(Array.from({ length: 100 }, () => knockAndRun(port)));
  await app.signUp();
  process.off('uncaughtException', note);
  expect(uncaught).toEqual([]);
});
