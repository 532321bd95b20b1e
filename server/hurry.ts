import type { IncomingMessage } from 'node:http';

/** Milliseconds in which all of a body is here that is no file. */
const BODY_MS = 120_000;

/** Ends a request whose body does not come. */
export function hurry(request: IncomingMessage): void {
  const late = setTimeout(() => {
    if (!request.complete) request.destroy();
  }, BODY_MS);
  request.once('close', () => {
    clearTimeout(late);
  });
}
