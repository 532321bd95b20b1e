import type { Express } from 'express';
import type { Bus } from './cluster/bus.ts';
import type { Database } from './orm.ts';

export interface Health {
  draining: boolean;
}

/** Milliseconds in which the database must answer for the server to count as ready. */
const DATABASE_MS = 1_000;

/**
 * `/livez`: the event loop turns. `/readyz`: the database answers too, and the server is not going away. Redis, where there is
 * one, is only reported: without it the server still serves.
 */
export function healthRoutes(app: Express, db: Database, bus: Bus | null, health: Health): void {
  app.get('/livez', (_req, res) => {
    res.set('Cache-Control', 'no-store').json({ status: 'ok' });
  });
  app.get('/readyz', async (_req, res) => {
    const database = await answersInTime(db);
    const ready = database && !health.draining;
    res
      .set('Cache-Control', 'no-store')
      .status(ready ? 200 : 503)
      .json({ status: ready ? 'ok' : 'unavailable', database, draining: health.draining, redis: bus?.up() });
  });
}

async function answersInTime(db: Database): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => {
      resolve(false);
    }, DATABASE_MS);
  });
  const answer = db.orm.em
    .fork()
    .execute('select 1')
    .then(
      () => true,
      () => false,
    );
  const answered = await Promise.race([answer, late]);
  clearTimeout(timer);
  return answered;
}
