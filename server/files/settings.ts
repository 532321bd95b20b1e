import { z } from 'zod';

const SENTENCE = 'must be an address such as https://key:secret@s3.example.com/bucket?region=eu-central-1';

/** The address of a bucket, with the key to it. */
export const s3Url = z.string().refine((text) => {
  if (!URL.canParse(text)) return false;
  const { protocol, username, password, pathname } = new URL(text);
  return /^https?:$/.test(protocol) && username !== '' && password !== '' && /^\/[^/]+\/?$/.test(pathname);
}, SENTENCE);
