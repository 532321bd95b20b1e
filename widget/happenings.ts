import type { Id, Message, User } from '@co-talk/sdk/protocol';
import type { sayHappening } from './locales/happenings.ts';
import { isolate, nameOf, type Localizer } from './localize.ts';

let words: { sayHappening: typeof sayHappening } | undefined;

/** What has happened, in words; nothing until the words are there. `host` shows it then. */
export function happening(
  { system }: Message,
  { me, users, l }: { me: Id; users: ReadonlyMap<Id, User>; l: Localizer },
  host: { requestUpdate(): void },
): string {
  if (!system) return '';
  if (!words) {
    import('./locales/happenings.ts').then(
      (loaded) => {
        words = loaded;
        host.requestUpdate();
      },
      // Offline: the next one asks again.
      () => undefined,
    );
    return '';
  }
  const name = (id: Id | undefined) =>
    id === undefined || id === me ? null : isolate(nameOf(users.get(id), l) ?? '…');
  return words.sayHappening(
    system.kind,
    {
      by: name(system.byId),
      whom: name(system.userId),
      others: system.others ?? 0,
      name: isolate(system.name ?? ''),
    },
    l,
  );
}
