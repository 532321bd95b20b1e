import { z } from 'zod';
import type { Report, ReportedMessage } from '@co-talk/sdk/protocol';
import { message } from './room-schemas.ts';
import { adminRoom, adminUser } from './site-schemas.ts';
import { count, id, time, wire } from './wire.ts';

const report = wire<Report>().named(
  'Report',
  z.object({
    id,
    roomId: id,
    messageId: id,
    seq: count,
    authorId: id,
    reporterId: id,
    reason: z.string(),
    createdAt: time,
    resolvedAt: time.nullable(),
    resolvedBy: z.object({ kind: z.enum(['operator', 'key', 'user', 'system']), id: z.string() }).nullable(),
    resolution: z.enum(['dismissed', 'removed']).nullable(),
  }),
  {
    id: '019aab3b-4d5e-7f60-8172-8394a5b6c7d8',
    roomId: '019aab34-9f8e-7d6c-8b5a-493827160504',
    messageId: '019aab36-1f2e-7d3c-8b4a-596800000029',
    seq: 41,
    authorId: '019aab34-5d6e-7f80-9a1b-2c3d4e5f6071',
    reporterId: '019aab34-6b1c-7d2e-8f30-4a5b6c7d8e9f',
    reason: 'Spam',
    createdAt: '2026-11-22T08:52:11.000Z',
    resolvedAt: null,
    resolvedBy: null,
    resolution: null,
  },
);

export const reportedMessage = wire<ReportedMessage>().named(
  'ReportedMessage',
  z.object({
    id,
    room: adminRoom.nullable(),
    message: message.nullable(),
    users: z.array(adminUser),
    count,
    reports: z.array(report),
  }),
);
