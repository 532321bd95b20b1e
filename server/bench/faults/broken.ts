import { Socket } from 'socket.io';
import type { FaultDatabase } from './database.ts';
import type { Edit } from './proxy.ts';

/**
 * Servers that break their promises, each by one mistake that is easily made: a checker that does not find them proves nothing.
 * - `mute`: nothing is published, and heads are not told
 * - `forgetful`: a repeated client id is not recognised
 * - `sequence`: positions come from a sequence, before the lock
 * - `one statement`: what was stored before is looked up in the statement that waits for the lock
 * - `late join`: a socket hears its rooms only after what it missed was read
 */
export type Broken = 'mute' | 'forgetful' | 'sequence' | 'one statement' | 'late join';

/** Longer than the reading takes, and than a change may be out of its turn. */
const LATE_JOIN_MS = 1_500;

/** Breaks the server of this process; anything else than a {@link Broken} leaves it sound. */
export function breakServer(broken: string): void {
  if (broken !== 'late join') return;
  const join = Reflect.get(Socket.prototype, 'join');
  Socket.prototype.join = function (this: Socket, rooms) {
    const all = [rooms].flat();
    const late = all.filter((room) => room.startsWith('room:'));
    if (late.length > 0) setTimeout(() => void join.call(this, late), LATE_JOIN_MS);
    return join.call(
      this,
      all.filter((room) => !late.includes(room)),
    );
  };
}

/** What becomes of the server's packets on the lines to its clients. */
export function breakLine(broken: Broken): Edit | undefined {
  return broken === 'mute' ? (packet) => (/^42\["(message|heads)"/.test(packet) ? 'drop' : 'pass') : undefined;
}

/** Breaks what stores messages. To be called when rooms are there and nothing has been sent. */
export async function breakDatabase({ query }: FaultDatabase, broken: Broken): Promise<void> {
  if (broken === 'forgetful') {
    await query(`create function forget_client_id() returns trigger language plpgsql as $$
      begin new.client_id := gen_random_uuid(); return new; end $$`);
    await query('create trigger forget before insert on messages for each row execute function forget_client_id()');
  }
  if (broken !== 'sequence' && broken !== 'one statement') return;
  await query('alter table messages drop constraint messages_room_id_sender_id_client_id_unique');
  await query('create sequence broken_seq');
  await replace(query, 'send_messages', broken === 'sequence' ? SEQUENCE : ONE_STATEMENT);
  // What it does not take, the other one does.
  await replace(query, 'send_new', 'begin return; end');
}

async function replace(query: FaultDatabase['query'], name: string, body: string): Promise<void> {
  const [known] = await query<{ args: string; result: string }>(
    'select pg_get_function_arguments(oid) as args, pg_get_function_result(oid) as result from pg_proc where proname = $1',
    [name],
  );
  if (!known) throw new Error(`unable to break the database; there is no function ${name}`);
  await query(`create or replace function ${name}(${known.args}) returns ${known.result}
    language plpgsql volatile as $broken$${body}$broken$`);
}

const EACH = (place: string) => `
declare
  v_room uuid;
  v_seq int;
  v_rev int;
  v_known int;
begin
  for i in 1..cardinality(p_client) loop
    v_room := p_rooms[p_room[i]];
    v_known := null;
    ${place}
    if v_known is null then
      insert into messages (room_id, seq, app_id, id, rev, client_id, sender_id, text, created_at)
      values (v_room, v_seq, p_app[i], (left(p_id[i], 28) || lpad(to_hex(v_seq), 8, '0'))::uuid, v_rev, p_client[i], p_sender[i], p_text[i], now());
      update chat_rooms r set last_seq = greatest(r.last_seq, v_seq), last_rev = greatest(r.last_rev, v_rev) where r.id = v_room;
    end if;
    ord := i; outcome := case when v_known is null then 'new' else 'duplicate' end;
    seq := coalesce(v_known, v_seq); rev := v_rev; ms := extract(epoch from now()) * 1000;
    return next;
  end loop;
end`;

/** All rooms share one sequence, so this is for a run with one room. Of two at once, the first commits last. */
const SEQUENCE = EACH(`
    select m.seq, m.rev into v_known, v_rev from messages m
    where m.room_id = v_room and m.sender_id = p_sender[i] and m.client_id = p_client[i];
    if v_known is null then
      v_seq := nextval('broken_seq');
      v_rev := v_seq + 1;
      perform pg_sleep(v_seq % 2);
    end if;`);

const ONE_STATEMENT = EACH(`
    select r.last_seq + 1, r.last_rev + 1,
      (select m.seq from messages m where m.room_id = v_room and m.sender_id = p_sender[i] and m.client_id = p_client[i] limit 1)
    into v_seq, v_rev, v_known from chat_rooms r where r.id = v_room for no key update;`);
