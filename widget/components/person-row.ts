import { html, nothing, type TemplateResult } from 'lit';
import type { Presence, User } from '@co-talk/sdk';
import type { Localizer } from '../localize.ts';
import { ago } from '../time.ts';
import { avatar } from './avatar.ts';

/** "Online", "Last seen 4 minutes ago", or nothing known. */
export function presenceText(presence: Presence | undefined, l: Localizer, now: Date): string {
  if (presence?.online) return l.s.online;
  if (!presence?.lastSeenAt) return l.s.offlineNow;
  const when = ago(presence.lastSeenAt, l.locale, now);
  return when === null ? l.s.lastSeenNow : l.s.lastSeen(when);
}

/** A person in a list: picture, name, a second line where there is something to say, and what can be done at the end. */
export function personRow(o: {
  user: User;
  what: string;
  online?: boolean;
  onlineText?: string;
  actions?: unknown;
  tint?: boolean;
}): TemplateResult {
  return html`<div class="row ${o.tint ? 'tint' : ''}" part="person-row">
    ${avatar({ id: o.user.id, name: o.user.nickname, url: o.user.avatarUrl, online: o.online === true })}
    <div class="text">
      <div class="l1">
        <span class="name" dir="auto">${o.user.nickname}</span>
        ${o.online && o.onlineText ? html`<span class="sr">${o.onlineText}</span>` : nothing}
      </div>
      ${o.what ? html`<div class="l2"><span class="what" dir="auto">${o.what}</span></div>` : nothing}
    </div>
    ${o.actions ?? nothing}
  </div>`;
}
