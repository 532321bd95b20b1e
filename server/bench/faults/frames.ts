/** What of a stream may go on its way: whole WebSocket frames, or bytes as they came where the stream is of another kind. */
export interface Piece {
  bytes: Buffer;
  /** The text of a whole text frame that is not masked: what a server says. */
  text: string | null;
}

const HEAD_END = '\r\n\r\n';
const SWITCHING = 'HTTP/1.1 101';
const TEXT = 0x81;

/** Cuts what a server says into frames, so that a single Socket.IO packet can be lost or overtaken on the way. */
export function createFramer(): (chunk: Buffer) => Piece[] {
  let kind: 'unknown' | 'raw' | 'frames' = 'unknown';
  let rest = Buffer.alloc(0);

  return (chunk) => {
    if (kind === 'raw') return [{ bytes: chunk, text: null }];
    rest = Buffer.concat([rest, chunk]);
    const pieces: Piece[] = [];
    if (kind === 'unknown') {
      const start = rest.toString('latin1', 0, SWITCHING.length);
      if (!SWITCHING.startsWith(start)) kind = 'raw';
      const end = rest.indexOf(HEAD_END);
      if (kind !== 'raw' && end < 0) return [];
      const head = kind === 'raw' ? rest.length : end + HEAD_END.length;
      pieces.push({ bytes: rest.subarray(0, head), text: null });
      rest = rest.subarray(head);
      if (kind === 'raw') return pieces;
      kind = 'frames';
    }
    for (let size = frameSize(rest); size !== null && size <= rest.length; size = frameSize(rest)) {
      const bytes = rest.subarray(0, size);
      pieces.push({ bytes, text: bytes[0] === TEXT ? textOf(bytes) : null });
      rest = rest.subarray(size);
    }
    return pieces;
  };
}

/** Bytes of the frame at the start, `null` while its head is not there yet (RFC 6455, 5.2). */
function frameSize(from: Buffer): number | null {
  const length = (from[1] ?? 0) & 0x7f;
  const head = headSize(length);
  if (from.length < head) return null;
  if (length < 126) return head + length;
  return head + (length === 126 ? from.readUInt16BE(2) : Number(from.readBigUInt64BE(2)));
}

const headSize = (length: number): number => (length < 126 ? 2 : length === 126 ? 4 : 10);

const textOf = (frame: Buffer): string => frame.toString('utf8', headSize((frame[1] ?? 0) & 0x7f));
