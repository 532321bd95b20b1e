import { linkify } from './linkify.ts';

/** A piece of a line. `mark` is what stood around it. */
export type Inline =
  | string
  | { kind: 'link'; text: string; href: string }
  | { kind: 'code'; text: string }
  | { kind: 'bold' | 'italic' | 'strike'; mark: string; children: Inline[] };

/** A line without what makes it a quote or a list item, which is `prefix`. */
export interface Line {
  prefix: string;
  children: Inline[];
}

export type Block =
  | { kind: 'text' | 'quote' | 'list'; lines: Line[] }
  | { kind: 'numbers'; from: number; lines: Line[] }
  | { kind: 'fence'; open: string; close: string; lines: string[] };

const FENCE = /^```[\w+#.-]{0,20}[ \t]*$/;
const PREFIXES: [kind: 'quote' | 'list' | 'numbers', pattern: RegExp][] = [
  ['quote', /^> ?/],
  ['list', /^[-*•] +(?=\S)/],
  ['numbers', /^\d{1,4}[.)] +(?=\S)/],
];

/** What a message says with its marks, as a tree: nothing of it is lost. Takes time in proportion to the text. */
export function parse(text: string): Block[] {
  const lines = text.split('\n');
  const lastFence = lines.findLastIndex((line) => line.trimEnd() === '```');
  const blocks: Block[] = [];
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at] ?? '';
    if (at < lastFence && FENCE.test(line)) {
      let end = at + 1;
      while (lines[end]?.trimEnd() !== '```') end++;
      blocks.push({ kind: 'fence', open: line, close: lines[end] ?? '', lines: lines.slice(at + 1, end) });
      at = end;
    } else add(blocks, line);
  }
  return blocks;
}

/** A line of its own block, or of the one before where that is of the same kind. */
function add(blocks: Block[], line: string): void {
  const [kind, pattern] = PREFIXES.find(([, start]) => start.test(line)) ?? (['text', null] as const);
  const prefix = (pattern && pattern.exec(line)?.[0]) ?? '';
  const parsed = { prefix, children: parseLine(line.slice(prefix.length)) };
  const last = blocks.at(-1);
  if (last && last.kind === kind) last.lines.push(parsed);
  else if (kind === 'numbers') blocks.push({ kind, from: Number.parseInt(prefix, 10), lines: [parsed] });
  else blocks.push({ kind, lines: [parsed] });
}

const KINDS = { '**': 'bold', '*': 'italic', _: 'italic', '~~': 'strike' } as const;
type Mark = keyof typeof KINDS;
/** Of longer rows, nobody knows what they mean. */
const MARK = /\*+|~+|_+/g;
/** Words whose letters stand together without marks between them; of those that take endings, like Korean, marks may end within. */
const WORDY = /[\p{Script=Latin}\p{Script=Cyrillic}\p{Script=Greek}\p{N}_]/u;
const SPACE = /\s/;

interface Open {
  mark: Mark | null;
  children: Inline[];
}

function parseLine(line: string): Inline[] {
  const root: Open = { mark: null, children: [] };
  const open: Open[] = [root];
  for (const piece of cut(line)) {
    if (piece.kind === 'words') parseWords(line, piece.from, piece.to, open);
    else put(open, piece.inline);
  }
  while (open.length > 1) unwrap(open);
  return root.children;
}

type Cut = { kind: 'words'; from: number; to: number } | { kind: 'whole'; inline: Inline };

/** Takes out what has no marks within: code, and addresses. */
function* cut(line: string): Generator<Cut> {
  let at = 0;
  for (let start = line.indexOf('`'); start !== -1; start = line.indexOf('`', at)) {
    const end = line.indexOf('`', start + 1);
    if (end === -1) break;
    yield* cutLinks(line, at, start);
    const text = line.slice(start + 1, end);
    yield { kind: 'whole', inline: text.trim() === '' ? line.slice(start, end + 1) : { kind: 'code', text } };
    at = end + 1;
  }
  yield* cutLinks(line, at, line.length);
}

function* cutLinks(line: string, from: number, to: number): Generator<Cut> {
  let at = from;
  for (const { text, href } of linkify(line.slice(from, to))) {
    // Marks behind an address are not its end.
    const address = href === undefined ? '' : text.replace(/[*_~]+$/, '');
    const link = address === text ? href : linkify(address).find((piece) => piece.text === address)?.href;
    if (address !== '' && link !== undefined) {
      yield { kind: 'whole', inline: { kind: 'link', text: address, href: link } };
      yield { kind: 'words', from: at + address.length, to: at + text.length };
    } else yield { kind: 'words', from: at, to: at + text.length };
    at += text.length;
  }
}

function parseWords(line: string, from: number, to: number, open: Open[]): void {
  let at = from;
  for (const { 0: found, index } of line.slice(from, to).matchAll(MARK)) {
    const place = from + index;
    put(open, line.slice(at, place));
    at = place + found.length;
    const marks: string[] = found === '***' ? (open.at(-1)?.mark === '*' ? ['*', '**'] : ['**', '*']) : [found];
    for (const mark of marks) turn(open, mark, line[place - 1] ?? ' ', line[at] ?? ' ');
  }
  put(open, line.slice(at, to));
}

/** What a mark between two characters does: it ends what it began, it begins something, or it is only itself. */
function turn(open: Open[], mark: string, before: string, after: string): void {
  // As in ¯\_(ツ)_/¯.
  if (!isMark(mark) || before === '\\') {
    put(open, mark);
    return;
  }
  const mine = open.findIndex((one) => one.mark === mark);
  if (mine !== -1 && !SPACE.test(before) && !WORDY.test(after)) close(open, mine, mark);
  else if (mine === -1 && !SPACE.test(after) && !WORDY.test(before)) open.push({ mark, children: [] });
  else put(open, mark);
}

const isMark = (text: string): text is Mark => Object.hasOwn(KINDS, text);

function put(open: Open[], inline: Inline): void {
  const into = open.at(-1)?.children;
  if (!into || inline === '') return;
  const last = into.at(-1);
  if (typeof inline === 'string' && typeof last === 'string') into[into.length - 1] = last + inline;
  else into.push(inline);
}

function close(open: Open[], place: number, mark: Mark): void {
  while (open.length - 1 > place) unwrap(open);
  const children = open.pop()?.children ?? [];
  put(open, children.length > 0 ? { kind: KINDS[mark], mark, children } : mark + mark);
}

/** What was opened and not closed is as it was typed. */
function unwrap(open: Open[]): void {
  const last = open.pop();
  if (!last) return;
  put(open, last.mark ?? '');
  for (const child of last.children) put(open, child);
}
