import { fileTypeFromFile } from 'file-type';
import type { Attachment } from '@co-talk/sdk/protocol';
import { AppError } from '../errors.ts';
import { endingOf } from './names.ts';

/** What a file is by its own bytes. */
export interface Kind {
  kind: Attachment['kind'];
  /** Of the formats that are shown in place; `application/octet-stream` where nothing is known. */
  mime: string;
}

/** Pictures that are drawn anew, with the endings that fit. */
export const PICTURES: Record<string, readonly string[]> = {
  'image/jpeg': ['jpg', 'jpeg', 'jpe', 'jfif'],
  'image/png': ['png'],
  'image/webp': ['webp'],
  'image/gif': ['gif'],
};

/** What browsers play: served in place. */
const FILMS = ['video/mp4', 'video/webm', 'video/x-m4v', 'video/quicktime', 'video/ogg'];
const SOUNDS = [
  ...['audio/mpeg', 'audio/mp4', 'audio/x-m4a', 'audio/aac', 'audio/ogg', 'audio/opus', 'audio/wav', 'audio/flac'],
  ...['audio/x-flac', 'audio/webm', 'audio/vnd.wave'],
];

/** Containers that hold a film or a sound alike: which of them, only whoever has made it knows. */
const EITHER: Record<string, string> = {
  'video/webm': 'audio/webm',
  'video/mp4': 'audio/mp4',
  'application/ogg': 'audio/ogg',
  'video/ogg': 'audio/ogg',
};

/** Programs, by their bytes. Nobody gets one from a chat, whatever it is called. */
const PROGRAMS = /^(exe|elf|macho|lnk|class|dex|jar|apk|deb|rpm|crx|xpi|msi)$/;
/** And by what a machine would run by its name alone. */
const RUN_BY_NAME = /^(exe|com|bat|cmd|scr|pif|msi|msc|cpl|hta|vbs|vbe|wsf|wsh|lnk|reg|jar|apk)$/;

/** What an ending promises of the bytes. */
const PROMISES: [ending: RegExp, mime: RegExp, strict: boolean][] = [
  // What calls itself a picture and is none that anybody knows, is not what it says.
  [/^(jpe?g|jpe|jfif|png|gif|webp|avif|heic|heif|bmp|tiff?|ico)$/, /^image\//, true],
  [/^pdf$/, /^application\/pdf$/, true],
  // Films and sounds begin in so many ways that some are not known; those are for saving alone.
  [/^(mp4|m4v|mov|webm|mkv|avi|mp3|m4a|aac|og[agv]|opus|wav|flac|weba)$/, /^(video|audio)\/|^application\/ogg$/, false],
];

/**
 * Says what a file is. Its own first bytes decide; its name and the type that came with it must not say otherwise.
 *
 * @param declared the type that came with it
 * @throws AppError `unsupported_media`: a program, or something else than its name says
 */
export async function inspect(path: string, name: string, declared: string): Promise<Kind> {
  const found = await fileTypeFromFile(path);
  const ending = endingOf(name);
  if ((found && PROGRAMS.test(found.ext)) || RUN_BY_NAME.test(ending)) {
    throw new AppError('unsupported_media', 'unable to take the file; it is a program; those are not sent here');
  }
  for (const [promise, mime, strict] of PROMISES) {
    if (promise.test(ending) && (found ? !mime.test(found.mime) : strict)) {
      throw new AppError('unsupported_media', `unable to take the file; it is not what its name says (.${ending})`);
    }
  }
  if (!found) return { kind: 'file', mime: 'application/octet-stream' };
  const picture = found.mime === 'image/apng' ? 'image/png' : found.mime;
  if (Object.hasOwn(PICTURES, picture)) return { kind: 'image', mime: picture };
  const sound = EITHER[found.mime];
  if (sound !== undefined && (declared.startsWith('audio/') || found.mime === 'application/ogg')) {
    return { kind: 'audio', mime: sound };
  }
  if (SOUNDS.includes(found.mime)) return { kind: 'audio', mime: found.mime };
  if (FILMS.includes(found.mime)) return { kind: 'video', mime: found.mime };
  return { kind: 'file', mime: found.mime };
}
