/** RFC 6455, 5.2: a whole text, and where its length stands. */
const TEXT = '\x81';
const LENGTH_16 = '\x7e';
const SHORT_MAX = 125;
const MEDIUM_MAX = 65_535;

/**
 * A WebSocket frame from the server with a text of ASCII, as one character a byte (write it as `latin1`).
 *
 * @returns undefined when the text holds other characters, or more than 65,535
 */
export function frame(text: string): string | undefined {
  const { length } = text;
  if (length > MEDIUM_MAX || Buffer.byteLength(text) !== length) return undefined;
  if (length <= SHORT_MAX) return TEXT + String.fromCharCode(length) + text;
  return TEXT + LENGTH_16 + String.fromCharCode(length >> 8, length & 0xff) + text;
}
