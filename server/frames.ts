/** RFC 6455, 5.2: a whole text, and where its length stands. */
const TEXT = '\x81';
const LENGTH_16 = '\x7e';
const LENGTH_64 = '\x7f\0\0\0\0';
const SHORT_MAX = 125;
const MEDIUM_MAX = 65_535;

/** Engine.IO's mark of a message. */
const MESSAGE = '4';

/** What was framed last: a room's members are all told the same. */
let lastText = '';
let lastFrame = encode(MESSAGE);

/** A message of Engine.IO in a WebSocket frame from the server, as one character a byte: write it as `latin1`. */
export function frame(text: string): string {
  if (text !== lastText) {
    lastFrame = encode(MESSAGE + text);
    lastText = text;
  }
  return lastFrame;
}

function encode(text: string): string {
  const size = Buffer.byteLength(text);
  const body = size === text.length ? text : Buffer.from(text).toString('latin1');
  if (size <= SHORT_MAX) return TEXT + String.fromCharCode(size) + body;
  if (size <= MEDIUM_MAX) return TEXT + LENGTH_16 + String.fromCharCode(size >> 8, size & 0xff) + body;
  return (
    TEXT + LENGTH_64 + String.fromCharCode(size >>> 24, (size >> 16) & 0xff, (size >> 8) & 0xff, size & 0xff) + body
  );
}
