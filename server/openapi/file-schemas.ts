import { z } from 'zod';
import type { FileUrl, FileUrls } from '@co-talk/sdk/protocol';
import { count, id, wire } from './wire.ts';

const fileUrl = wire<FileUrl>().named(
  'FileUrl',
  z.object({ id, url: z.string(), variants: z.record(z.string(), z.string()), expiresIn: count }),
  {
    id: '019aab36-7c1d-7a2b-9e4f-0a1b2c3d4e5f',
    url: '/api/v1/files/019aab36-7c1d-7a2b-9e4f-0a1b2c3d4e5f?session=…&expires=1763801400&signature=…',
    variants: {},
    expiresIn: 540,
  },
);
export const fileUrls = wire<FileUrls>().named('FileUrls', z.object({ items: z.array(fileUrl) }));
