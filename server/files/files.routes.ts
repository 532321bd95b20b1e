import { IncomingMessage } from 'node:http';
import { z } from 'zod';
import { LIMITS, type SignFiles } from '@co-talk/sdk/protocol';
import { Answer, type Routes } from '../http.ts';
import { docs } from '../openapi/docs.ts';
import { fileUrls as fileUrlsSchema } from '../openapi/file-schemas.ts';
import { attachment } from '../openapi/room-schemas.ts';
import { Binary } from '../openapi/wire.ts';
import { id, validator } from '../validate.ts';
import { uploadFile } from './upload.ts';
import { fileUrls, serveFile, type SignedQuery } from './urls.ts';

/** It is read as it comes, part by part. */
const multipart = validator<IncomingMessage>(z.instanceof(IncomingMessage));

const ids: z.ZodType<SignFiles> = z.strictObject({ ids: z.array(id).min(1).max(LIMITS.fileUrls) });

const signedQuery: z.ZodType<SignedQuery> = z.strictObject({
  session: id,
  expires: z
    .string()
    .regex(/^\d{1,12}$/)
    .transform(Number)
    .pipe(z.int().min(0)),
  signature: z.string().max(100),
  variant: z.enum(['small', 'large']).optional(),
  download: z.literal('1').optional(),
});

export function fileRoutes(routes: Routes): void {
  routes.on('post', '/files', { body: multipart, streamed: true }, async (ctx, actor, { body }) => {
    const { file, stored } = await uploadFile(ctx, actor, body);
    return new Answer(stored ? 201 : 200, file);
  });
  routes.on('post', '/files/urls', { body: validator(ids) }, (ctx, actor, { body }) =>
    fileUrls(ctx, actor, [...new Set(body.ids)]),
  );
  routes.bare('get', '/files/:id', { query: validator(signedQuery) }, (db, services, { params, query, header }) =>
    serveFile(db, services, params.id, query, header),
  );
}

export const fileDocs = docs(
  'Files',
  'What is attached to messages. A file is uploaded first, and named in `attachmentIds` when the message is sent; what no message has after a day goes.',
  {
    'POST /files': {
      summary: 'Upload a file',
      notes:
        'Fields of the form: `file`, and before or after it `clientId` (any number of uploads with one are one file: `200` with it where it was stored before), for audio and video `durationMs`, for audio `waveform` (up to 100 heights from 0 to 100, with commas between). Pictures (JPEG, PNG, WebP, GIF) are drawn anew, without the data that a camera adds, and get smaller variants.',
      answers: { 201: attachment, 200: attachment },
      errors: ['quota_exceeded', 'not_available'],
    },
    'POST /files/urls': {
      summary: 'Get addresses of files',
      notes:
        'For this session alone, and at most ten minutes; relative to the server. Files that one may not see are left out. `&download=1` makes a browser save what it would show.',
      answers: { 200: fileUrlsSchema },
      body: { name: 'SignFiles', example: { ids: ['019aab36-7c1d-7a2b-9e4f-0a1b2c3d4e5f'] } },
    },
    'GET /files/:id': {
      summary: 'Read a file',
      notes:
        'With an address from `POST /files/urls`. Whether its session may have the file is checked each time. `Range` and `If-None-Match` are understood.',
      answers: { 200: new Binary('application/octet-stream') },
      errors: ['token_expired'],
    },
  },
);
