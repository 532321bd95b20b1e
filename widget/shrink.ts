/** Pixels in each direction: what the server keeps. */
const SIDE = 256;
const QUALITY = 0.9;

/**
 * The middle of a photo as a small square, upright. It is drawn anew, so that nothing else of the file leaves the device: neither
 * where it was taken, nor with what.
 *
 * Rejects where the browser cannot show the file as a picture.
 */
export async function shrink(photo: Blob): Promise<Blob> {
  const bitmap = await createImageBitmap(photo);
  const side = Math.min(bitmap.width, bitmap.height);
  const canvas = document.createElement('canvas');
  canvas.width = canvas.height = Math.min(side, SIDE);
  const at = [(bitmap.width - side) / 2, (bitmap.height - side) / 2] as const;
  canvas.getContext('2d')?.drawImage(bitmap, ...at, side, side, 0, 0, canvas.width, canvas.height);
  bitmap.close();
  // Browsers that write no WebP write PNG.
  const small = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/webp', QUALITY));
  if (!small) throw new Error('a picture that cannot be drawn');
  return small;
}
