import { html, nothing, type TemplateResult } from 'lit';
import type { Attachment, LocalMessage } from '@co-talk/sdk';
import type { Localizer } from '../localize.ts';

/** Sizes in px of what a bubble shows: the room is there before the picture is. */
const WIDTH = 260;
const TALLEST = 320;
const LEAST = 96;
const TILE = 128;
const GAP = 4;
const FILE = 52;

/** How large one picture or film is shown. */
export function fit({ width, height }: Pick<Attachment, 'width' | 'height'>): [width: number, height: number] {
  const [w, h] = [width ?? 16, height ?? 9];
  const scale = Math.min(WIDTH / w, TALLEST / h);
  return [Math.max(LEAST, Math.round(w * scale)), Math.max(LEAST, Math.round(h * scale))];
}

/** Its pictures come first, together; then the rest, one below the other. */
export function parted(files: readonly Attachment[]): { pictures: Attachment[]; others: Attachment[] } {
  return {
    pictures: files.filter(({ kind }) => kind === 'image'),
    others: files.filter(({ kind }) => kind !== 'image'),
  };
}

/** Width and height of all files of a message. */
export function boxOf(files: readonly Attachment[]): [width: number, height: number] {
  const { pictures, others } = parted(files);
  const [first] = pictures;
  const tiles = Math.ceil(pictures.length / 2) * (TILE + GAP) - GAP;
  const [width, height] = pictures.length === 1 && first ? fit(first) : [WIDTH, Math.max(0, tiles)];
  const heights = others.map((file) => (file.kind === 'video' ? fit(file)[1] : FILE));
  const below = heights.reduce((sum, each) => sum + each + GAP, 0);
  return [others.length > 0 ? WIDTH : width, height + below - (pictures.length > 0 ? 0 : GAP)];
}

/** The files of a message, in a box of the right size; what fills it comes in a file of its own. */
export function attachments(message: LocalMessage, l: Localizer): TemplateResult | typeof nothing {
  const files = message.attachments;
  if (files.length === 0) return nothing;
  const [width, height] = boxOf(files);
  // Not by an attribute, which the policy of a strict page forbids. In a narrow bubble pictures are smaller; what has words in it is as high as ever.
  const high = files.every(({ kind }) => kind === 'image')
    ? `aspect-ratio:${width}/${height}`
    : `min-block-size:${height}px`;
  return html`<co-talk-attachments
    class=${message.text ? 'told' : ''}
    .style=${`inline-size:${width}px;${high}`}
    .files=${files}
    .l=${l}
  ></co-talk-attachments>`;
}

/** A message in a few words: its text, or what it has instead. */
export function gist(message: Pick<LocalMessage, 'text' | 'attachments'>, l: Localizer): string {
  const [file] = message.attachments;
  if (message.text || !file) return message.text;
  const what = file.kind === 'file' ? file.name : l.s.files[file.kind];
  return message.attachments.length > 1 ? l.s.files.more(what, message.attachments.length - 1) : what;
}
