/**
 * The one place where messages get their position. Taking the room locks is the function's own first statement; everything it
 * decides on is looked up by later statements, so at READ COMMITTED they see all that was committed before the lock was granted.
 *
 * One call carries many messages of many rooms. Every message yields a row `(ord, outcome, seq, rev, ms)`, `ord` counting from 1:
 * - `new`: stored at `seq`, `rev`
 * - `duplicate`: this (room, sender, client id) is stored already, at `seq`, `rev`; also the later ones of equal messages in one call
 * - `not_found`: no such room in this app, or the sender is not a member
 * - `blocked`: a direct room in which one has blocked the other
 * - `locked`: somebody else holds the room's lock, and `p_wait` is false: call again for it with `p_wait`
 */
export const CREATE_SEND_MESSAGES = `
create or replace function send_messages(
  p_app text[], p_room uuid[], p_sender uuid[], p_client text[], p_id uuid[], p_text text[], p_wait boolean
) returns table (ord int, outcome text, seq int, rev int, ms float8)
language plpgsql volatile as $$
declare
  v_locked uuid[];
  v_now timestamptz(3);
begin
  if p_wait then
    select array_agg(l.id) into v_locked
    from (select r.id from chat_rooms r where r.id = any(p_room) order by r.id for no key update) l;
  else
    select array_agg(l.id) into v_locked
    from (select r.id from chat_rooms r where r.id = any(p_room) order by r.id for no key update skip locked) l;
  end if;
  v_now := clock_timestamp();

  return query
  with sent as materialized (
    select i.*, known.seq as known_seq, known.rev as known_rev,
      case
        when i.room_id <> all(coalesce(v_locked, '{}')) then case when p_wait then 'not_found' else 'locked' end
        when known.seq is not null then 'duplicate'
        when not exists (
          select from chat_room_members m
          where m.room_id = i.room_id and m.user_id = i.sender_id and m.app_id = i.app_id and m.left_at is null
        ) then 'not_found'
        when (select r.type from chat_rooms r where r.id = i.room_id) = 'direct' and exists (
          select from chat_room_members m, blocks b
          where m.room_id = i.room_id and m.user_id <> i.sender_id
            and ((b.user_id = m.user_id and b.blocked_id = i.sender_id) or (b.user_id = i.sender_id and b.blocked_id = m.user_id))
        ) then 'blocked'
        else 'new'
      end as outcome
    from unnest(p_app, p_room, p_sender, p_client, p_id, p_text) with ordinality
      as i(app_id, room_id, sender_id, client_id, id, text, ord)
    left join lateral (
      select m.seq, m.rev from messages m
      where m.room_id = i.room_id and m.sender_id = i.sender_id and m.client_id = i.client_id and m.app_id = i.app_id
      limit 1
    ) known on true
  ),
  firsts as materialized (
    select s.*, row_number() over (partition by s.room_id order by s.ord)::int as n
    from (
      select s.*, row_number() over (partition by s.room_id, s.sender_id, s.client_id order by s.ord) as copy
      from sent s where s.outcome = 'new'
    ) s
    where s.copy = 1
  ),
  moved as (
    update chat_rooms r
    set last_seq = r.last_seq + c.n, last_rev = r.last_rev + c.n, last_activity_at = v_now
    from (select f.room_id, max(f.n) as n from firsts f group by f.room_id) c
    where r.id = c.room_id and r.id = any(v_locked)
    returning r.id, r.last_seq - c.n as seq, r.last_rev - c.n as rev
  ),
  placed as materialized (
    select f.*, m.seq + f.n as seq, m.rev + f.n as rev from firsts f join moved m on m.id = f.room_id
  ),
  stored as (
    insert into messages (room_id, seq, app_id, id, rev, client_id, sender_id, text, created_at)
    select f.room_id, f.seq, f.app_id, f.id, f.rev, f.client_id, f.sender_id, f.text, v_now from placed f
  )
  select s.ord::int, case when s.outcome = 'new' and f.ord <> s.ord then 'duplicate' else s.outcome end,
    coalesce(f.seq, s.known_seq), coalesce(f.rev, s.known_rev), (extract(epoch from v_now) * 1000)::float8
  from sent s
  left join placed f on f.room_id = s.room_id and f.sender_id = s.sender_id and f.client_id = s.client_id;
end
$$;
`;
