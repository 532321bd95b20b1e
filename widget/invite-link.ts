import type { ReactiveControllerHost } from 'lit';

/** What stands before an invitation's token in an address. */
export const INVITE = 'co-talk-invite=';

/** Notices an invitation in the address of the page, and takes it out of there: it is not to be copied along. */
export function watchInvites(host: ReactiveControllerHost, found: (token: string) => void): void {
  const look = (): void => {
    const { hash, pathname, search } = location;
    const token = hash.startsWith(`#${INVITE}`) ? hash.slice(INVITE.length + 1) : '';
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
