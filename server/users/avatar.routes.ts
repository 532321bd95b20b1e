import type { Express } from 'express';
import { z } from 'zod';
import { LIMITS } from '@co-talk/sdk/protocol';
import { AppError } from '../errors.ts';
import type { Routes } from '../http.ts';
import type { Database } from '../orm.ts';
import { id, validator } from '../validate.ts';
import { AVATAR_TYPE } from './avatar.entity.ts';
import { readAvatar, removeAvatar, setAvatar } from './avatar.ts';
import { PICTURE_TYPES } from './picture.ts';

const photo = validator<Buffer>(z.instanceof(Buffer));
const binary = { types: PICTURE_TYPES, bytes: LIMITS.avatarBytes };

export function avatarRoutes(routes: Routes): void {
  routes.on('put', '/me/avatar', { body: photo, binary }, (ctx, actor, { body }) => setAvatar(ctx, actor, body));
  routes.on('delete', '/me/avatar', {}, (ctx, actor) => removeAvatar(ctx, actor));
}

/**
 * `/avatars/:id`: pictures, for any page. An address never shows another picture, but one that was removed is to be gone soon:
 * browsers keep them for a day, and nobody in between keeps them at all.
 */
export function mountAvatars(app: Express, db: Database): void {
  app.get('/avatars/:id', async (req, res) => {
    const known = id.safeParse(req.params.id);
    const image = known.success ? await readAvatar(db, known.data) : null;
    if (!image) {
      res.set('Cache-Control', 'no-store');
      throw new AppError('not_found', 'unable to show the picture; there is none at this address');
    }
    res.set({
      'Content-Type': AVATAR_TYPE,
      'Cache-Control': 'private, max-age=86400, immutable',
      'Content-Security-Policy': "default-src 'none'; sandbox",
      'Content-Disposition': 'inline',
      'X-Content-Type-Options': 'nosniff',
    });
    res.send(image);
  });
}
