/**
 * Defaults and hard ceilings of the wire. What holds for one app is in {@link AppConfig.limits}; it never exceeds these.
 * Lengths of text count graphemes: what people see as one character (`Intl.Segmenter`).
 */
export const LIMITS = {
  /** Graphemes in a message after trimming. */
  messageLength: 1000,
  /** Bytes of UTF-8 in a message after trimming. */
  messageBytes: 8192,
  /** Unicode characters of a message that travel with its answers. */
  quoteLength: 200,
  /** Different emojis on a message, and people named with each of them. */
  reactionEmojis: 20,
  reactionUsers: 20,
  /** Rooms that a message is forwarded to at once. */
  forwardTargets: 20,
  /** Graphemes of a room's last message shown in the room list. */
  previewLength: 50,
  /** Graphemes in the nickname of an own account. */
  nicknameMin: 2,
  nicknameMax: 20,
  /** Graphemes in a nickname that the host site gives. */
  hostNicknameMax: 64,
  /** Characters in the token by which a host site signs who somebody is. */
  userTokenMax: 8192,
  /** Graphemes in the short text about oneself. */
  aboutMax: 100,
  /** Bytes of the picture that somebody uploads as theirs. */
  avatarBytes: 262_144,
  /** Characters (UTF-16 code units) in a password. */
  passwordMin: 8,
  passwordMax: 128,
  /** Characters in an e-mail address (RFC 5321 path limit less the brackets). */
  emailMax: 254,
  /** Characters in the `clientId` of a message. */
  clientIdMax: 128,
  /** Characters in a search term. */
  searchMax: 100,
  /** Characters of an e-mail address that a people search needs before it matches e-mail addresses at all. */
  emailSearchMin: 3,
  /** Items on a page of a list. */
  pageDefault: 50,
  pageMax: 100,
  /** Ids in one question for presence. */
  presenceIds: 100,
  /** Rooms in one `sync`. */
  syncRooms: 500,
  /** Changed rows in one answer to `sync`, over all rooms; the rest comes with `more`. */
  syncRows: 1000,
  /** Members of a group or direct room up to which others' read markers travel in `sync`. */
  readMarkerMembers: 100,
  /** Bytes in one socket event and in one JSON body. */
  payloadBytes: 65_536,
  /** Users in one import by the site's server. */
  importUsers: 100,
  /** Members of a group that is made at once. */
  groupMembers: 100,
  /** Members of a group or channel. */
  roomMembers: 10_000,
  /** Invite links of a room that can still be used. */
  roomInvites: 50,
  /** Hours for which an invite link with an end holds: a year. */
  inviteHoursMax: 8_760,
  /** Graphemes in the name of a group. */
  roomNameMax: 80,
  /** Graphemes in the reason of a report after trimming. */
  reportReason: 500,
  /** Bytes of an uploaded file, whatever an app allows. */
  fileBytes: 104_857_600,
  /** Files of a message. */
  attachments: 10,
  /** Files whose addresses are asked for at once. */
  fileUrls: 100,
  /** Heights in the waveform of an audio message. */
  waveformBars: 100,
} as const;

/** Unread counts stop here: `100` is shown as "99+". */
export const UNREAD_MAX = 100;
