import { html, nothing, type TemplateResult } from 'lit';
import type { Id, LocalMessage, User } from '@co-talk/sdk';
import { nameOf, type Localizer } from '../localize.ts';

/** What a message answers, in its bubble, and where it was taken from. A click on the answered one is heard by the list. */
export function quoteOf(
  message: LocalMessage,
  { l, users }: { l: Localizer; users: ReadonlyMap<Id, User> },
): TemplateResult | typeof nothing {
  if (message.state === 'sent' && message.deletedAt) return nothing;
  if (message.state === 'sent' && message.forwarded) return html`<div class="forwarded">${l.s.forwarded}</div>`;
  const { replyTo } = message;
  if (!replyTo) return nothing;
  return html`<button class="quote" part="quote" data-seq=${replyTo.seq}>
    <span class="sr">${l.s.inReplyTo}</span><b><bdi>${nameOf(users.get(replyTo.senderId), l) ?? '…'}</bdi></b
    ><span class="words" dir="auto"
      >${replyTo.deleted ? html`<i>${l.s.messageDeleted}</i>` : replyTo.text || l.s.quotedFile}</span
    >
  </button>`;
}
