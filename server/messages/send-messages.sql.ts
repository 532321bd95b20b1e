/** In the alias `w`: a webhook that hears of new messages. As the index that finds it says it. */
const HEARS = `w.enabled and w.events && '{message.created,message.*,*}'::text[]`;

/** Whether one of some apps hears of them. First whether any app does at all, which takes next to nothing. */
const isHeard = (apps: string): string => `exists (select from webhooks w where ${HEARS})
    and exists (select from webhooks w where w.app_id = any(${apps}) and ${HEARS})`;

/** Tells the webhooks of stored messages, within their transaction. The event has the message's id. */
const TELL = `insert into webhook_deliveries (webhook_id, id, app_id, type, data, next_at, created_at)
    select w.id, (left(m.id, 28) || lpad(to_hex(m.seq), 8, '0'))::uuid, w.app_id, 'message.created',
      jsonb_build_object('roomId', m.room_id, 'seq', m.seq), v_now, v_now`;

/**
 * The one place where messages get their position. Taking the room locks is the function's own first statement; everything it
 * decides on is looked up by later statements, so at READ COMMITTED they see all that was committed before the lock was granted.
 * The counters come with the lock: a row that was waited for is read in its newest version.
 *
 * One call carries many messages of many rooms: `p_rooms` in ascending order without repeats, `p_room` the place of each message's
 * room in it (from 1), and no (room, sender, client id) twice. Every message yields a row `(ord, outcome, seq, rev, ms)`, `ord`
 * counting from 1. A new message's id is the given one with its `seq` in the last 32 bits. `p_type` and `p_extra` may end before the
 * others: what is not there is plain text.
 * - `new`: stored at `seq`, `rev`
 * - `duplicate`: this (room, sender, client id) is stored already, at `seq`, `rev`
 * - `not_found`: no such room in this app, or the sender is not a member
 * - `blocked`: a direct room in which one has blocked the other (a column of the room, which changes under its lock)
 * - `locked`: somebody else holds the room's lock, and `p_wait` is false: call again for it with `p_wait`
 *
 * Webhooks of the app that hear of new messages get an event for each; where there is none, that is one lookup in an empty index.
 *
 * The lookups are scalar subqueries with a limit, and sequential scans are off, on purpose: the plan is kept, and must hold when
 * a table that was small or empty has grown. A lookup by index also beats reading a small table once per message.
 */
export const CREATE_SEND_MESSAGES = `
create or replace function send_messages(
  p_rooms uuid[], p_wait boolean, p_app text[], p_room int[], p_sender uuid[], p_client text[], p_id text[], p_text text[], p_type text[],
  p_extra text[]
) returns table (ord int, outcome text, seq int, rev int, ms float8)
language plpgsql volatile set enable_seqscan = off as $$
declare
  v_ids uuid[];
  v_blocked boolean[];
  v_seqs int[];
  v_revs int[];
  v_all boolean;
  v_told boolean;
  v_now timestamptz(3);
begin
  if p_wait then
    select array_agg(l.id), array_agg(l.blocked), array_agg(l.last_seq), array_agg(l.last_rev) into v_ids, v_blocked, v_seqs, v_revs
    from (
      select r.id, r.blocked, r.last_seq, r.last_rev from chat_rooms r where r.id = any(p_rooms) order by r.id for no key update
    ) l;
  else
    select array_agg(l.id), array_agg(l.blocked), array_agg(l.last_seq), array_agg(l.last_rev) into v_ids, v_blocked, v_seqs, v_revs
    from (
      select r.id, r.blocked, r.last_seq, r.last_rev from chat_rooms r where r.id = any(p_rooms) order by r.id
      for no key update skip locked
    ) l;
  end if;
  v_all := cardinality(v_ids) = cardinality(p_rooms);
  v_now := clock_timestamp();
  v_told := ${isHeard('p_app')};

  return query
  with sent as materialized (
    select i.*, known.seq as known_seq, known.rev as known_rev,
      case
        when i.place is null then case
          when p_wait or (select true from chat_rooms r where r.id = i.room_id limit 1) is null then 'not_found' else 'locked'
        end
        when known.seq is not null then 'duplicate'
        when (
          select true from chat_room_members m
          where m.room_id = i.room_id and m.user_id = i.sender_id and m.app_id = i.app_id and m.left_at is null limit 1
        ) is null then 'not_found'
        when v_blocked[i.place] then 'blocked'
        else 'new'
      end as outcome
    from (
      select u.*, p_rooms[u.room] as room_id, case when v_all then u.room else array_position(v_ids, p_rooms[u.room]) end as place
      from unnest(p_app, p_room, p_sender, p_client, p_id, p_text, p_type, p_extra) with ordinality
        u(app_id, room, sender_id, client_id, id, text, type, extra, ord)
    ) i
    left join lateral (
      select m.seq, m.rev from messages m
      where m.room_id = i.room_id and m.sender_id = i.sender_id and m.client_id = i.client_id and m.app_id = i.app_id
      limit 1
    ) known on true
  ),
  placed as materialized (
    select s.*, v_seqs[s.place] + s.n as seq, v_revs[s.place] + s.n as rev
    from (select s.*, row_number() over (partition by s.room order by s.ord)::int as n from sent s where s.outcome = 'new') s
  ),
  moved as (
    update chat_rooms r
    set last_seq = c.seq, last_rev = c.rev, last_activity_at = v_now
    from (select p.room_id, max(p.seq) as seq, max(p.rev) as rev from placed p group by p.room_id) c
    where r.id = c.room_id
  ),
  stored as (
    insert into messages (room_id, seq, app_id, id, rev, client_id, sender_id, text, type, extra, created_at)
    select p.room_id, p.seq, p.app_id, (left(p.id, 28) || lpad(to_hex(p.seq), 8, '0'))::uuid, p.rev, p.client_id, p.sender_id, p.text,
      coalesce(p.type, 'text'), p.extra::jsonb, v_now
    from placed p
  ),
  told as (
    ${TELL}
    from placed m join webhooks w on w.app_id = m.app_id and ${HEARS} where v_told
  )
  select p.ord::int, p.outcome, p.seq, p.rev, (extract(epoch from v_now) * 1000)::float8 from placed p
  union all
  select s.ord::int, s.outcome, s.known_seq, s.known_rev, (extract(epoch from v_now) * 1000)::float8
  from sent s where s.outcome <> 'new';
end
$$;
`;

/**
 * The same for the usual batch, at two thirds of the cost: nobody else holds the rooms, every sender is in theirs, and no message is
 * stored yet. Whatever is otherwise makes it store nothing: it returns no row, or fails by the unique key of
 * (room, sender, client id), and `send_messages` takes the batch.
 *
 * `p_rooms` in ascending order without repeats, and for each its app and the number of its messages; per message the place of its
 * room (from 1) and its own place among those of the room (from 1). Returns the counters of each room before the batch, in the
 * order of `p_rooms`, so that nothing has to be said of each message.
 */
export const CREATE_SEND_NEW = `
create or replace function send_new(
  p_rooms uuid[], p_apps text[], p_counts int[],
  p_room int[], p_place int[], p_sender uuid[], p_client text[], p_id text[], p_text text[], p_type text[], p_extra text[]
) returns table (seqs int[], revs int[], ms float8)
language plpgsql volatile set enable_seqscan = off as $$
declare
  v_blocked boolean;
  v_now timestamptz(3);
begin
  select array_agg(l.last_seq), array_agg(l.last_rev), bool_or(l.blocked) into seqs, revs, v_blocked
  from (
    select r.last_seq, r.last_rev, r.blocked from chat_rooms r where r.id = any(p_rooms) order by r.id for no key update skip locked
  ) l;
  if v_blocked or cardinality(seqs) is distinct from cardinality(p_rooms) then
    return;
  end if;
  v_now := clock_timestamp();
  if exists (
    select from unnest(p_room, p_sender) u(room, sender_id)
    where (
      select true from chat_room_members m
      where m.room_id = p_rooms[u.room] and m.user_id = u.sender_id and m.app_id = p_apps[u.room] and m.left_at is null limit 1
    ) is null
  ) then
    return;
  end if;

  insert into messages (room_id, seq, app_id, id, rev, client_id, sender_id, text, type, extra, created_at)
  select p_rooms[u.room], seqs[u.room] + u.place, p_apps[u.room],
    (left(u.id, 28) || lpad(to_hex(seqs[u.room] + u.place), 8, '0'))::uuid,
    revs[u.room] + u.place, u.client_id, u.sender_id, u.text, coalesce(u.type, 'text'), u.extra::jsonb, v_now
  from unnest(p_room, p_place, p_sender, p_client, p_id, p_text, p_type, p_extra) u(room, place, sender_id, client_id, id, text, type, extra);

  update chat_rooms r
  set last_seq = r.last_seq + c.count, last_rev = r.last_rev + c.count, last_activity_at = v_now
  from unnest(p_rooms, p_counts) c(id, count) where r.id = c.id;

  if ${isHeard('p_apps')} then
    ${TELL}
    from (
      select u.id, seqs[u.room] + u.place as seq, p_rooms[u.room] as room_id, p_apps[u.room] as app_id
      from unnest(p_room, p_place, p_id) u(room, place, id)
    ) m join webhooks w on w.app_id = m.app_id and ${HEARS};
  end if;

  ms := extract(epoch from v_now) * 1000;
  return next;
end
$$;
`;
