import { LIMITS } from '@co-talk/sdk/protocol';
import { AppError } from '../errors.ts';
import { sharp } from '../image-formats.ts';
import { createTurns } from '../turns.ts';

/** What a picture may be, by its first bytes. */
const SIGNATURES: Record<string, RegExp> = {
  'image/jpeg': /^\xff\xd8\xff/,
  'image/png': /^\x89PNG\r\n[^]\n/,
  'image/webp': /^RIFF[^]{4}WEBP/,
};

export const PICTURE_TYPES = Object.keys(SIGNATURES);

/** Pixels in each direction of what is kept, and at most of what comes in: a small file can be a huge picture. */
const SIDE = 256;
const SIDE_MAX = 4_096;

const QUALITY = 82;

/** Pictures that are read at once; each takes a thread and some memory. */
const AT_ONCE = 2;
const turns = createTurns();

/**
 * Makes a profile picture of a photo: a square of its middle, upright, as WebP. It is drawn anew from its pixels, so that nothing else
 * comes along: no place, no camera, no hidden second file.
 *
 * @throws AppError `unsupported_media` (not a JPEG, PNG or WebP picture, or a broken one), `too_large` (over 4096 pixels in a
 * direction), `overloaded`
 */
export async function toPicture(bytes: Buffer): Promise<Buffer> {
  const start = bytes.toString('latin1', 0, 16);
  if (!Object.values(SIGNATURES).some((signature) => signature.test(start))) throw notAPicture();
  return turns.run('picture', AT_ONCE, async () => {
    const options = { limitInputPixels: SIDE_MAX * SIDE_MAX, failOn: 'error', pages: 1 } as const;
    const { width, height } = await sharp(bytes, { ...options, limitInputPixels: false })
      .metadata()
      .catch(refuseBroken);
    if (width > SIDE_MAX || height > SIDE_MAX) {
      throw new AppError(
        'too_large',
        `unable to take the picture; it has ${String(width)} × ${String(height)} pixels, at most ${String(SIDE_MAX)} × ${String(SIDE_MAX)} fit`,
      );
    }
    return sharp(bytes, options)
      .autoOrient()
      .resize(SIDE, SIDE, { fit: 'cover' })
      .webp({ quality: QUALITY })
      .toBuffer()
      .catch(refuseBroken);
  });
}

/** Whatever the library says of a file that somebody made: it is the file. */
function refuseBroken(): never {
  throw notAPicture();
}

function notAPicture(): AppError {
  const most = String(LIMITS.avatarBytes / 1024);
  return new AppError(
    'unsupported_media',
    `unable to take the picture; it is not a JPEG, PNG or WebP file that can be read; send one of at most ${most} KB`,
  );
}
