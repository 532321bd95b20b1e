import { z } from 'zod';
import type { Figures as WireFigures } from '@co-talk/sdk/protocol';
import type { Routes } from '../http.ts';
import { docs } from '../openapi/docs.ts';
import { count, time, wire } from '../openapi/wire.ts';
import type { Figures } from './figures.ts';

export function figureRoutes(routes: Routes, figures: Figures): void {
  routes.operator('get', '/admin/figures', {}, () => Promise.resolve(figures.read(null)));
  routes.admin('get', '/admin/apps/:appId/figures', {}, ({ appId }) => Promise.resolve(figures.read(appId)));
}

const figures = wire<WireFigures>().named(
  'Figures',
  z.object({
    node: z.string(),
    at: time,
    connections: z.array(count),
    messages: z.array(count),
    storeMs: z.array(z.number().min(0).nullable()),
  }),
  {
    ...{ node: '4be1c0', at: '2026-11-22T08:44:00.000Z' },
    ...{ connections: [41, 42, 42], messages: [3, 0, 7], storeMs: [1.8, null, 2.1] },
  },
);

const notes =
  'Of the last two minutes, second by second, and of the node that answers alone: behind a load balancer, ask each node.';

export const figureDocs = docs('Live figures', 'What happens right now, to be looked at.', {
  'GET /admin/figures': { summary: 'Read the figures of all apps', notes, answers: { 200: figures } },
  'GET /admin/apps/:appId/figures': { summary: 'Read the figures of an app', notes, answers: { 200: figures } },
});
