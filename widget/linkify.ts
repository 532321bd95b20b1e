/** A piece of a message: words, or a link with the address it leads to. */
export type Piece = { text: string; href?: string };

const CANDIDATE = /\b(?:https?:\/\/|mailto:)[^\s<>"'`\u2066-\u2069\u202a-\u202e]+/gi;
const TRAILING = new Set(['.', ',', '!', '?', ':', ';', ')', ']', '}', '。', '、', '，', '！', '？', '」', '』', '…']);
const OPENING: Record<string, string> = { ')': '(', ']': '[', '}': '{' };
const PROTOCOLS = new Set(['http:', 'https:', 'mailto:']);

function count(text: string, char: string): number {
  return text.split(char).length - 1;
}

/** Where the address ends: punctuation after it belongs to the sentence, a bracket that it opened itself does not. */
function trimEnd(candidate: string): string {
  let end = candidate.length;
  while (end > 0) {
    const last = candidate[end - 1] ?? '';
    const opening = OPENING[last];
    const head = candidate.slice(0, end);
    if (!TRAILING.has(last) || (opening && count(head, opening) >= count(head, last))) break;
    end--;
  }
  return candidate.slice(0, end);
}

function toHref(address: string): string | undefined {
  try {
    const url = new URL(address);
    const complete = url.protocol === 'mailto:' ? url.pathname.includes('@') : url.hostname !== '';
    return PROTOCOLS.has(url.protocol) && complete ? url.href : undefined;
  } catch {
    return undefined;
  }
}

/** Split a text into words and links. Only `http`, `https` and `mailto` addresses become links. */
export function linkify(text: string): Piece[] {
  const pieces: Piece[] = [];
  let from = 0;
  for (const match of text.matchAll(CANDIDATE)) {
    const address = trimEnd(match[0]);
    const href = toHref(address);
    if (!href) continue;
    if (match.index > from) pieces.push({ text: text.slice(from, match.index) });
    pieces.push({ text: address, href });
    from = match.index + address.length;
  }
  if (from < text.length || pieces.length === 0) pieces.push({ text: text.slice(from) });
  return pieces;
}
