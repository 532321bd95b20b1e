import type { Routes } from '../http.ts';
import type { Figures } from './figures.ts';

export function figureRoutes(routes: Routes, figures: Figures): void {
  routes.operator('get', '/admin/figures', {}, () => Promise.resolve(figures.read(null)));
  routes.admin('get', '/admin/apps/:appId/figures', {}, ({ appId }) => Promise.resolve(figures.read(appId)));
}
