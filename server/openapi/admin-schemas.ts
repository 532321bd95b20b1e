import { z } from 'zod';
import type { AdminApp, AppKey, AuditEntry, CreatedKey, OperatorSession } from '@co-talk/sdk/protocol';
import { count, id, time, wire } from './wire.ts';

export const adminApp = wire<AdminApp>().named(
  'AdminApp',
  z.object({
    id: z.string(),
    name: z.string(),
    origins: z.array(z.string()),
    noOrigin: z.boolean(),
    loopback: z.boolean(),
    accounts: z.boolean(),
    guests: z.boolean(),
    hostUsers: z.boolean(),
    jwksUrl: z.string().nullable(),
    settings: z.object({
      emailSearch: z.enum(['partial', 'exact', 'off']),
      guestRetentionDays: count,
      requireVerifiedEmail: z.boolean(),
      messageLength: count.nullable(),
      editWindowMinutes: count.nullable(),
      ...{ fileBytes: count, fileBytesPerUser: count, fileBytesPerApp: count },
    }),
    createdAt: time,
  }),
  {
    id: 'kettles',
    name: 'Kettles & Co.',
    origins: ['https://shop.example'],
    noOrigin: false,
    loopback: false,
    accounts: false,
    guests: true,
    hostUsers: true,
    jwksUrl: null,
    settings: {
      ...{ emailSearch: 'exact', guestRetentionDays: 30, requireVerifiedEmail: false, messageLength: null },
      editWindowMinutes: 15,
      ...{ fileBytes: 26_214_400, fileBytesPerUser: 1_073_741_824, fileBytesPerApp: 53_687_091_200 },
    },
    createdAt: '2026-11-22T08:44:00.000Z',
  },
);

const key = {
  id: z.string(),
  kind: z.enum(['secret', 'signing', 'public']),
  name: z.string(),
  publicKey: z.string().nullable(),
  createdAt: time,
  lastUsedAt: time.nullable(),
  expiresAt: time.nullable(),
};
const KETTLE: AppKey = {
  id: 'k_Zm9yIHRoZSBzaG9w',
  kind: 'secret',
  name: 'Shop server',
  publicKey: null,
  createdAt: '2026-11-22T08:44:00.000Z',
  lastUsedAt: '2026-11-22T09:12:41.000Z',
  expiresAt: null,
};

export const appKey = wire<AppKey>().named('AppKey', z.object(key), KETTLE);
export const createdKey = wire<CreatedKey>().named('CreatedKey', z.object({ ...key, secret: z.string().nullable() }), {
  ...KETTLE,
  lastUsedAt: null,
  secret: 'sk_shown-this-once',
});

export const auditEntry = wire<AuditEntry>().named(
  'AuditEntry',
  z.object({
    id,
    appId: z.string().nullable(),
    by: z.object({ kind: z.enum(['operator', 'key', 'user', 'system']), id: z.string() }),
    action: z.string(),
    target: z.object({ kind: z.string(), id: z.string() }).nullable(),
    details: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
    createdAt: time,
  }),
  {
    id: '019aab38-2a3b-7c4d-8e5f-60718293a4b5',
    appId: 'kettles',
    by: { kind: 'operator', id: 'operator' },
    action: 'app.update',
    target: { kind: 'app', id: 'kettles' },
    details: { guests: true },
    createdAt: '2026-11-22T08:50:00.000Z',
  },
);

export const operatorSession = wire<OperatorSession>().named(
  'OperatorSession',
  z.object({ operator: z.literal(true), server: z.string() }),
  { operator: true, server: 'https://chat.example.com' },
);
