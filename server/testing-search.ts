import { randomUUID } from 'node:crypto';
import type { FoundMessages, Id, Message, Problem } from '@co-talk/sdk/protocol';
import { eventually, type Answer, type RawPerson, type TestApp } from './testing.ts';

/** Whoever says and finds something in a test of the search. */
export interface Talk {
  say: (who: RawPerson, roomId: Id, text: string) => Promise<Message>;
  ask: (who: RawPerson, q: string, more?: Record<string, string>) => Promise<Answer<FoundMessages & Problem>>;
  /** The texts found, the newest first. */
  find: (who: RawPerson, q: string, more?: Record<string, string>) => Promise<string[]>;
  /** Resolves when all that has been said can be found. */
  indexed: () => Promise<void>;
}

export function talkIn(app: TestApp): Talk {
  const ask: Talk['ask'] = (who, q, more = {}) =>
    app.request('GET', `/search/messages?${new URLSearchParams({ q, ...more }).toString()}`, { token: who.token });
  return {
    ask,
    say: async (who, roomId, text) => {
      const body = { clientId: randomUUID(), text };
      const answer = await app.request<Message & Problem>('POST', `/rooms/${roomId}/messages`, {
        token: who.token,
        body,
      });
      if (answer.status !== 201) throw new Error(answer.body.detail);
      return answer.body;
    },
    find: async (who, q, more) => {
      const { status, body } = await ask(who, q, more);
      if (status !== 200) throw new Error(body.detail);
      return body.items.map(({ message }) => message.text);
    },
    indexed: async () => {
      await eventually(async () => {
        const { rows } = await app.db.ownPool.query(
          `select from chat_rooms r left join search_positions p on p.room_id = r.id
           where r.last_seq > 0 and (p.room_id is null or p.rev < r.last_rev or p.seq < r.last_seq)`,
        );
        return rows.length === 0;
      });
    },
  };
}
