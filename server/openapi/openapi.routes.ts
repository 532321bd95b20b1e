import type { Express } from 'express';
import { makeAsset, sendAsset, type Asset } from '../assets.ts';
import type { BoundRoute } from './collect.ts';
import { createDocument } from './document.ts';
import { FEATURE_DOCS } from './features.ts';

/** `/openapi.json`: made when it is asked for first, of what is bound by then. */
export function openapiRoutes(app: Express, bound: BoundRoute[]): void {
  let document: Promise<Asset> | undefined;
  app.get('/openapi.json', async (req, res) => {
    document ??= makeAsset(JSON.stringify(createDocument(bound, FEATURE_DOCS)), 'application/json; charset=utf-8');
    sendAsset(req, res, await document);
  });
}
