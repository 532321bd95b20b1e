import { defineEntity, p, type InferEntity } from '@mikro-orm/core';
import type { Attachment as WireAttachment } from '@co-talk/sdk/protocol';

/**
 * A file that somebody has uploaded: the row says what it is, the storage has its bytes under {@link keyOf}. `expires_at` is when it
 * is looked at again, and goes unless a message has it: see `cleanup.ts`.
 */
export const StoredFile = defineEntity({
  name: 'StoredFile',
  tableName: 'files',
  indexes: [
    { properties: ['appId', 'userId'] },
    {
      name: 'files_expires_index',
      expression: 'create index files_expires_index on files (expires_at) where expires_at is not null',
    },
  ],
  uniques: [{ properties: ['userId', 'clientId'] }],
  properties: {
    id: p.uuid().primary(),
    appId: p.string().length(64),
    userId: p.uuid(),
    clientId: p.string().length(128),
    /** `storing`: the bytes are on their way · `gone`: they are being removed. */
    state: p.string().$type<'storing' | 'ready' | 'gone'>().length(16),
    kind: p.string().$type<WireAttachment['kind']>().length(16),
    name: p.string().length(255),
    mime: p.string().length(100),
    size: p.integer(),
    /** Bytes of it and of all its variants. */
    stored: p.integer(),
    width: p.integer().nullable().strictNullable(),
    height: p.integer().nullable().strictNullable(),
    durationMs: p.integer().nullable().strictNullable(),
    blurhash: p.string().length(100).nullable().strictNullable(),
    waveform: p.json<number[]>().columnType('jsonb').nullable().strictNullable(),
    /** Bytes of each, by name. */
    variants: p.json<Record<string, number>>().columnType('jsonb'),
    expiresAt: p.datetime().columnType('timestamptz(3)').nullable().strictNullable(),
    createdAt: p.datetime().columnType('timestamptz(3)'),
  },
});
export type StoredFile = InferEntity<typeof StoredFile>;

/** That a message has a file. It may be there before the message, and stays after it: who sees the file is decided by the message. */
export const Attachment = defineEntity({
  name: 'Attachment',
  tableName: 'attachments',
  properties: {
    fileId: p.uuid().primary(),
    roomId: p.uuid().primary(),
    senderId: p.uuid().primary(),
    clientId: p.string().length(128).primary(),
    appId: p.string().length(64),
  },
});

/** What travels of a file, as the queries return it. */
export type FileRow = Omit<WireAttachment, 'variants'> & { variants: Record<string, number> };

const FIELDS = `'id', f.id, 'kind', f.kind, 'name', f.name, 'mime', f.mime, 'size', f.size, 'width', f.width, 'height', f.height,
  'durationMs', f.duration_ms, 'blurhash', f.blurhash, 'waveform', f.waveform, 'variants', f.variants`;

/** The select list that fills a {@link FileRow}, for the alias `f`. */
export const FILE_COLUMNS = `f.id, f.kind, f.name, f.mime, f.size, f.width, f.height, f.duration_ms as "durationMs", f.blurhash, f.waveform,
  f.variants`;

/** The files of a message `m`, in their order, as `FileRow[]`; null where it has none. */
export const ATTACHMENTS = `case when m.extra->'attachments' is not null then (
    select jsonb_agg(jsonb_build_object(${FIELDS}) order by a.place)
    from jsonb_array_elements_text(m.extra->'attachments') with ordinality a(id, place)
    join files f on f.id = a.id::uuid and f.app_id = m.app_id and f.state = 'ready'
  ) end`;

/** A file as it travels. */
export function toWire(file: FileRow): WireAttachment {
  return {
    id: file.id,
    kind: file.kind,
    name: file.name,
    mime: file.mime,
    size: file.size,
    width: file.width,
    height: file.height,
    durationMs: file.durationMs,
    blurhash: file.blurhash,
    waveform: file.waveform,
    variants: Object.keys(file.variants),
  };
}

/** Where the storage has a file, or a variant of it: nothing in it is anybody's choice. */
export function keyOf({ appId, id }: Pick<StoredFile, 'appId' | 'id'>, variant?: string): string {
  // The end of an id is random: no folder gets too many.
  return `${appId}/${id.slice(-2)}/${id}${variant === undefined ? '' : `.${variant}`}`;
}

/** All that the storage has of a file. */
export const keysOf = (file: Pick<StoredFile, 'appId' | 'id' | 'variants'>): string[] => [
  keyOf(file),
  ...Object.keys(file.variants).map((variant) => keyOf(file, variant)),
];
