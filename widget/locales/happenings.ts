import type { SystemEvent } from '@co-talk/sdk';
import type { Localizer } from '../localize.ts';

/** Who did it and to whom, as the reader names them: `null` for the reader. */
interface Names {
  by: string | null;
  whom: string | null;
  /** How many more people it was about. */
  others: number;
  name: string;
}

type Happenings = Record<SystemEvent['kind'], (names: Names) => string>;

/** What has happened in a room, in all languages: a file of its own, fetched with the first of it. */
const en: Happenings = {
  created: ({ by, name }) => `${by ?? 'You'} created “${name}”`,
  joined: ({ by }) => `${by ?? 'You'} joined`,
  added: ({ by, whom, others }) =>
    `${by ?? 'You'} added ${whom ?? 'you'}${others === 0 ? '' : others === 1 ? ' and 1 other' : ` and ${String(others)} others`}`,
  left: ({ by }) => `${by ?? 'You'} left`,
  removed: ({ by, whom }) => `${by ?? 'You'} removed ${whom ?? 'you'}`,
  promoted: ({ by, whom }) => `${by ?? 'You'} made ${whom ?? 'you'} an admin`,
  demoted: ({ by, whom }) =>
    whom === null ? 'You are no longer an admin' : `${by ?? 'You'} took ${whom}’s admin role back`,
  owner: ({ whom }) => (whom === null ? 'You own this group now' : `${whom} owns this group now`),
  renamed: ({ by, name }) => `${by ?? 'You'} renamed it to “${name}”`,
  picture: ({ by }) => `${by ?? 'You'} changed the picture`,
};

const ko: Happenings = {
  created: ({ by, name }) => `${by === null ? '내가' : `${by} 님이`} ‘${name}’ 그룹을 만들었어요`,
  joined: ({ by }) => (by === null ? '내가 들어왔어요' : `${by} 님이 들어왔어요`),
  added: ({ by, whom, others }) => {
    const who = by === null ? '내가' : `${by} 님이`;
    if (others > 0) return `${who} ${whom === null ? '나' : `${whom} 님`} 외 ${String(others)}명을 추가했어요`;
    return `${who} ${whom === null ? '나를' : `${whom} 님을`} 추가했어요`;
  },
  left: ({ by }) => (by === null ? '내가 나갔어요' : `${by} 님이 나갔어요`),
  removed: ({ by, whom }) =>
    `${by === null ? '내가' : `${by} 님이`} ${whom === null ? '나를' : `${whom} 님을`} 내보냈어요`,
  promoted: ({ by, whom }) =>
    `${by === null ? '내가' : `${by} 님이`} ${whom === null ? '나를' : `${whom} 님을`} 관리자로 지정했어요`,
  demoted: ({ whom }) => (whom === null ? '나의 관리자 권한이 해제됐어요' : `${whom} 님의 관리자 권한이 해제됐어요`),
  owner: ({ whom }) => (whom === null ? '이제 내가 소유자예요' : `이제 ${whom} 님이 소유자예요`),
  renamed: ({ by, name }) => `${by === null ? '내가' : `${by} 님이`} 이름을 ‘${name}’(으)로 바꿨어요`,
  picture: ({ by }) => `${by === null ? '내가' : `${by} 님이`} 사진을 바꿨어요`,
};

const languages: Partial<Record<string, Happenings>> = { en, ko };

/** A sentence about what has happened; nothing for what this version does not know. */
export function sayHappening(kind: string, names: Names, { lang }: Localizer): string {
  const words = languages[lang] ?? en;
  return Object.hasOwn(words, kind) ? words[kind as SystemEvent['kind']](names) : '';
}
