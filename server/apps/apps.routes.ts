import type { Routes } from '../http.ts';
import { config } from './apps.ts';

export function appRoutes(routes: Routes): void {
  routes.open(
    'get',
    '/apps/:appId/config',
    {},
    ({ params }) => params.appId,
    (ctx) => Promise.resolve(config(ctx)),
  );
}
