/**
 * Who may have a file `f`: those who can see a message that has it; before there is one, whoever has uploaded it.
 *
 * @param user the SQL of a user's id
 */
export const isVisibleTo = (user: string): string => `(
  exists (
    select from attachments a
    join messages m on m.room_id = a.room_id and m.sender_id = a.sender_id and m.client_id = a.client_id and m.app_id = a.app_id
    join chat_room_members c on c.room_id = a.room_id and c.app_id = a.app_id and c.user_id = ${user} and c.left_at is null
    where a.file_id = f.id and a.app_id = f.app_id and m.deleted_at is null and m.seq >= c.history_from
  ) or (f.user_id = ${user} and not ${isTaken('f.id')})
)`;

/** Whether there is, or was, a message that has the file. */
export function isTaken(file: string): string {
  return `exists (
    select from attachments a
    join messages m on m.room_id = a.room_id and m.sender_id = a.sender_id and m.client_id = a.client_id and m.app_id = a.app_id
    where a.file_id = ${file}
  )`;
}

/** Whether a message that is not deleted has the file `f`. */
export const IS_HELD = `exists (
  select from attachments a
  join messages m on m.room_id = a.room_id and m.sender_id = a.sender_id and m.client_id = a.client_id and m.app_id = a.app_id
  where a.file_id = f.id and m.deleted_at is null
)`;
