import { randomUUID } from 'node:crypto';
import sharp from 'sharp';
import type { Attachment, FileUrl, FileUrls, Id, Message, Problem } from '@co-talk/sdk/protocol';
import type { TestApp } from './testing.ts';

/** What a form may have besides its file. */
export interface FileForm {
  name?: string;
  type?: string;
  clientId?: string;
  durationMs?: string;
  waveform?: string;
}

export interface UploadAnswer {
  status: number;
  body: Attachment & Problem;
}

/** A picture of one colour, as its bytes. */
export const drawn = (width: number, height: number, background = '#3366cc') =>
  sharp({ create: { width, height, channels: 3, background } });

/** Uploads as a browser does. */
export async function upload(
  app: TestApp,
  token: string,
  content: Buffer | string,
  { name = 'notes.txt', type = 'text/plain', ...fields }: FileForm = {},
): Promise<UploadAnswer> {
  const form = new FormData();
  for (const [field, value] of Object.entries(fields)) form.set(field, value);
  form.set('file', new Blob([typeof content === 'string' ? content : new Uint8Array(content)], { type }), name);
  const answer = await fetch(`${app.url}/api/v1/files`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}` },
    body: form,
  });
  return { status: answer.status, body: (await answer.json()) as UploadAnswer['body'] };
}

/** The addresses of a file for somebody; `undefined` where they may not have it. */
export async function urlOf(app: TestApp, token: string, id: Id): Promise<FileUrl | undefined> {
  const answer = await app.request<FileUrls>('POST', '/files/urls', { token, body: { ids: [id] } });
  return answer.body.items.find((item) => item.id === id);
}

/** What is at an address, or the code of the refusal. */
export async function read(app: TestApp, url: string, headers: Record<string, string> = {}): Promise<Buffer | string> {
  const answer = await fetch(`${app.url}${url}`, { headers });
  const bytes = Buffer.from(await answer.arrayBuffer());
  return answer.ok ? bytes : (JSON.parse(bytes.toString()) as Problem).code;
}

/** Sends a message with files. */
export function sendFiles(
  app: TestApp,
  token: string,
  roomId: Id,
  ids: Id[],
  text = '',
  clientId: string = randomUUID(),
) {
  const body = { clientId, text, attachmentIds: ids };
  return app.request<Message & Problem>('POST', `/rooms/${roomId}/messages`, { token, body });
}
