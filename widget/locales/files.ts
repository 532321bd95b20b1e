import type { CoTalkError } from '@co-talk/sdk';
import { explain } from '../explain.ts';
import type { Localizer } from '../localize.ts';

/** What has to do with files, in all languages: fetched with the parts that say it. */
const en = {
  attach: 'Attach files',
  attached: 'Attached files',
  drop: 'Drop files to attach them',
  remove: (name: string) => `Remove ${name}`,
  cancel: (name: string) => `Cancel ${name}`,
  retry: (name: string) => `Try ${name} again`,
  uploading: (name: string) => `Uploading ${name}`,
  tooMany: (most: string) => `At most ${most} files fit into a message.`,
  notAll: 'Not all files could be uploaded. Try them again, or remove them.',
  download: (name: string) => `Download ${name}`,
  open: (name: string) => `Open the picture ${name}`,
  picture: 'Picture',
  next: 'Next picture',
  previous: 'Previous picture',
  gone: 'This file is not there any more.',
  record: 'Record a voice message',
  recording: 'Recording',
  voice: 'Voice message',
  finish: 'Finish the recording',
  discard: 'Discard the recording',
  noMicrophone: 'The microphone cannot be used. Allow it in the browser, then try again.',
  play: 'Play',
  pause: 'Pause',
  place: 'Position',
  notShown: 'This picture cannot be shown just now.',
  problems: {
    too_large: (megabytes: string) => `Too large: at most ${megabytes} MB fit.`,
    unsupported_media: 'This kind of file cannot be sent, or it is not what its name says.',
    invalid_request: 'This file is empty, or did not come whole.',
    not_available: 'Files cannot be sent here.',
    network: 'No connection.',
    timeout: 'The connection is too slow.',
  },
};

export type FileStrings = typeof en;

const ko: FileStrings = {
  attach: '파일 첨부',
  attached: '첨부한 파일',
  drop: '파일을 놓으면 첨부됩니다',
  remove: (name) => `${name} 삭제`,
  cancel: (name) => `${name} 취소`,
  retry: (name) => `${name} 다시 시도`,
  uploading: (name) => `${name} 업로드 중`,
  tooMany: (most) => `메시지 하나에 파일은 최대 ${most}개입니다.`,
  notAll: '올리지 못한 파일이 있습니다. 다시 시도하거나 삭제하세요.',
  download: (name) => `${name} 다운로드`,
  open: (name) => `사진 ${name} 열기`,
  picture: '사진',
  next: '다음 사진',
  previous: '이전 사진',
  gone: '이 파일은 더 이상 없습니다.',
  record: '음성 메시지 녹음',
  recording: '녹음 중',
  voice: '음성 메시지',
  finish: '녹음 마치기',
  discard: '녹음 버리기',
  noMicrophone: '마이크를 사용할 수 없습니다. 브라우저에서 허용한 뒤 다시 시도하세요.',
  play: '재생',
  pause: '일시 정지',
  place: '재생 위치',
  notShown: '지금은 이 사진을 볼 수 없습니다.',
  problems: {
    too_large: (megabytes) => `너무 큽니다. 최대 ${megabytes}MB입니다.`,
    unsupported_media: '보낼 수 없는 종류이거나 이름과 내용이 다른 파일입니다.',
    invalid_request: '빈 파일이거나 전송이 끝까지 되지 않았습니다.',
    not_available: '여기서는 파일을 보낼 수 없습니다.',
    network: '연결되어 있지 않습니다.',
    timeout: '연결이 너무 느립니다.',
  },
};

const languages: Partial<Record<string, FileStrings>> = { en, ko };

export const fileStrings = ({ lang }: Localizer): FileStrings => languages[lang] ?? en;

/** Why a file could not be sent. */
export function explainFile(error: CoTalkError, most: number, l: Localizer): string {
  const { problems } = fileStrings(l);
  if (error.code === 'too_large') return problems.too_large((most / 1_048_576).toLocaleString(l.locale));
  const known: Partial<Record<string, string | typeof problems.too_large>> = problems;
  const sentence = known[error.code];
  return typeof sentence === 'string' ? sentence : explain(error, l);
}

/** `1:05`, of milliseconds. */
export function durationText(ms: number): string {
  const seconds = Math.round(ms / 1_000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}

/** `1.4 MB`, as people of a language write it. */
export function sizeText(bytes: number, l: Localizer): string {
  const step = bytes < 1_000 ? 0 : bytes < 1_000_000 ? 1 : 2;
  const unit = ['byte', 'kilobyte', 'megabyte'][step];
  const value = bytes / 1_000 ** step;
  const digits = step > 0 && value < 10 ? 1 : 0;
  return new Intl.NumberFormat(l.locale, {
    ...{ style: 'unit', unit: unit ?? 'byte', unitDisplay: 'short' },
    maximumFractionDigits: digits,
  }).format(value);
}
