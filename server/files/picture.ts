import { stat } from 'node:fs/promises';
import { encode } from 'blurhash';
import { AppError } from '../errors.ts';
import { sharp } from '../image-formats.ts';
import { createLine } from '../line.ts';

/** A picture as it is kept, and smaller ones of it. Paths are in the folder it was drawn in. */
export interface Drawn {
  path: string;
  mime: string;
  width: number;
  height: number;
  blurhash: string;
  /** By name: what a bubble shows, and what fills a screen. */
  variants: Record<string, string>;
}

/** Pixels in all, over all frames: a small file can be a huge picture. A camera of 2026 makes 50 million. */
const PIXELS_MAX = 52_000_000;
/** Pixels in each direction of what is kept. */
const SIDE_MAX = 4_096;
/** The same of the smaller ones. */
const VARIANTS = { small: 640, large: 1_600 };
const QUALITY = { kept: 88, small: 76, large: 82 };
/** Of the picture a blur is made from, and how many waves it has in each direction. */
const BLUR_SIDE = 32;
const WAVES = [4, 3] as const;

/** Pictures that are drawn at once, and that wait: each takes a thread, and the memory of its pixels. */
const line = createLine(2, 100, 'unable to take the picture; too many are being read just now; try again');

/**
 * Draws a picture anew from its pixels, upright, so that nothing else comes along: no place, no camera, no hidden second file. What
 * moves becomes WebP, and has no smaller ones, which would stand still.
 *
 * @param folder for what is drawn
 * @throws AppError `unsupported_media` (broken), `too_large` (over 52 million pixels), `overloaded`
 */
export function drawAnew(path: string, mime: string, folder: string): Promise<Drawn> {
  return line(async () => {
    const options = { limitInputPixels: PIXELS_MAX, failOn: 'error' } as const;
    const of = await sharp(path, { ...options, limitInputPixels: false, animated: true })
      .metadata()
      .catch(refuseBroken);
    if (of.width * of.height > PIXELS_MAX) {
      throw new AppError(
        'too_large',
        `unable to take the picture; it has ${String(of.width)} × ${String(of.height)} pixels; make it smaller`,
      );
    }
    const moves = (of.pages ?? 1) > 1;
    const kept = `${folder}/kept`;
    const upright = sharp(path, { ...options, animated: moves })
      .autoOrient()
      .resize({ width: SIDE_MAX, height: SIDE_MAX, fit: 'inside', withoutEnlargement: true });
    const asWhat = moves || mime === 'image/gif' ? 'image/webp' : mime;
    const made = await {
      'image/jpeg': () => upright.jpeg({ quality: QUALITY.kept }),
      'image/png': () => upright.png(),
      'image/webp': () => upright.webp({ quality: QUALITY.kept }),
    }
      [asWhat as 'image/jpeg' | 'image/png' | 'image/webp']()
      .toFile(kept)
      .catch(refuseBroken);
    const [width, height] = [made.width, made.pageHeight ?? made.height];
    const variants: Record<string, string> = {};
    for (const name of ['small', 'large'] as const) {
      const side = VARIANTS[name];
      // One that would hardly be smaller is not worth its place.
      if (moves || Math.max(width, height) <= side * 1.2) continue;
      variants[name] = `${folder}/${name}`;
      await sharp(kept)
        .resize({ width: side, height: side, fit: 'inside' })
        .webp({ quality: QUALITY[name] })
        .toFile(variants[name]);
    }
    return { path: kept, mime: asWhat, width, height, blurhash: await blurOf(variants['small'] ?? kept), variants };
  });
}

async function blurOf(path: string): Promise<string> {
  const { data, info } = await sharp(path)
    .resize({ width: BLUR_SIDE, height: BLUR_SIDE, fit: 'inside' })
    .flatten({ background: '#ffffff' })
    .ensureAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  return encode(new Uint8ClampedArray(data), info.width, info.height, ...WAVES);
}

/** Whatever the library says of a file that somebody made: it is the file. */
function refuseBroken(): never {
  throw new AppError('unsupported_media', 'unable to take the picture; it cannot be read; it may be damaged');
}

/** Bytes of each. */
export async function sizesOf(paths: Record<string, string>): Promise<Record<string, number>> {
  const sizes = Object.entries(paths).map(async ([name, path]) => [name, (await stat(path)).size] as const);
  return Object.fromEntries(await Promise.all(sizes));
}
