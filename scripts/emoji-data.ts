// node scripts/emoji-data.ts: writes what the emoji picker shows and searches, widget/emoji-*.ts, from the package emojibase-data.
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

interface Entry {
  emoji: string;
  label: string;
  tags?: string[];
  group?: number;
  order?: number;
  version: number;
}

/** Of the package's groups: without the parts that emojis are made of. */
const GROUPS = [0, 1, 3, 4, 5, 6, 7, 8, 9];
/** Newer ones are boxes on many devices still. */
const NEWEST = 15.1;
const RGI = new RegExp(String.raw`^\p{RGI_Emoji}$`, 'v');

const root = fileURLToPath(new URL('..', import.meta.url));
const read = (lang: string) =>
  JSON.parse(readFileSync(`${root}node_modules/emojibase-data/${lang}/data.json`, 'utf8')) as Entry[];

const ordered = read('en')
  .filter(({ emoji, version }) => version <= NEWEST && RGI.test(emoji))
  .sort((a, b) => (a.order ?? 0) - (b.order ?? 0));

/** By group and in their order: one line each, the emoji and what it is called, its name first. */
function write(lang: string): void {
  const words = new Map(read(lang).map(({ emoji, label, tags = [] }) => [emoji, [...new Set([label, ...tags])]]));
  const groups = GROUPS.map((group) =>
    ordered
      .filter((one) => one.group === group)
      .map(({ emoji }) => `${emoji} ${(words.get(emoji) ?? []).join(',')}`)
      .join('\n'),
  );
  const lines = groups.map((group) => `  ${JSON.stringify(group)},`).join('\n');
  const about = '// Made by scripts/emoji-data.ts of emojibase-data (MIT, © Miles Johnson; names by Unicode CLDR).';
  writeFileSync(
    `${root}widget/emoji-${lang}.ts`,
    `${about}\n/** By group: lines of an emoji with what it is called. */\nexport default [\n${lines}\n];\n`,
  );
}

for (const lang of ['en', 'ko']) write(lang);
