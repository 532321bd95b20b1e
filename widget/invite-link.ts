import type { ReactiveControllerHost } from 'lit';

const KEY = 'co-talk-invite=';

/** The page one is on, with an invitation: whoever opens it is asked whether to join. */
export function inviteLink(token: string): string {
  const { origin, pathname, search } = location;
  return `${origin}${pathname}${search}#${KEY}${token}`;
}

/** Notices an invitation in the address of the page, and takes it out of there: it is not to be copied along. */
export function watchInvites(host: ReactiveControllerHost, found: (token: string) => void): void {
  const look = (): void => {
    const { hash, pathname, search } = location;
    const token = hash.startsWith(`#${KEY}`) ? hash.slice(KEY.length + 1) : '';
    if (!token) return;
    history.replaceState(history.state, '', pathname + search);
    found(token);
  };
  host.addController({
    hostConnected: () => {
      addEventListener('hashchange', look);
      look();
    },
    hostDisconnected: () => removeEventListener('hashchange', look),
  });
}
