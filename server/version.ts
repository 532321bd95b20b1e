import { existsSync, readFileSync } from 'node:fs';
import { z } from 'zod';

// One level up once compiled, right here when run from source.
const file = ['../package.json', './package.json']
  .map((path) => new URL(path, import.meta.url))
  .find((url) => existsSync(url) && readManifest(url).success);

const manifest = file ? readManifest(file).data : undefined;

/** Version of the server package. */
export const VERSION = manifest?.version ?? '0.0.0';

function readManifest(url: URL) {
  return z
    .object({ name: z.literal('@co-talk/server'), version: z.string() })
    .safeParse(JSON.parse(readFileSync(url, 'utf8')));
}
