import type { AuditEntry } from './admin.ts';
import type { Message } from './messages.ts';
import type { AdminRoom, AdminUser } from './site.ts';
import type { Id, Time } from './users.ts';

/**
 * Reasons that need no words: the widget gives one of these, alone or followed by `: ` and what somebody has to add, and the console
 * says it in the reader's language. Any other text is as good.
 */
export const REPORT_REASONS = ['spam', 'harassment', 'harm'] as const;

/** Body of `POST /rooms/:id/messages/:messageId/report`. */
export interface ReportMessage {
  /** Why, for those who moderate: 1 to `LIMITS.reportReason` graphemes after trimming, at most 4 KB of UTF-8. */
  reason: string;
}

/** What came of a report. `dismissed`: the message stays · `removed`: its content is gone for everybody. */
export type ReportResolution = 'dismissed' | 'removed';

/** Somebody has found a message wrong. */
export interface Report {
  id: Id;
  roomId: Id;
  messageId: Id;
  seq: number;
  /** Who wrote the message. */
  authorId: Id;
  reporterId: Id;
  /** Empty where whoever reported it was erased. */
  reason: string;
  createdAt: Time;
  /** `null`: it is open. */
  resolvedAt: Time | null;
  resolvedBy: AuditEntry['by'] | null;
  resolution: ReportResolution | null;
}

/** A message that was reported, with everything that was reported of it and is decided at once. */
export interface ReportedMessage {
  /** Of the first of its reports: what `POST …/reports/:reportId/resolve` takes. */
  id: Id;
  room: AdminRoom | null;
  /** As it is now: edited or deleted since, perhaps. `null`: it is not kept any more. */
  message: Message | null;
  /** Who wrote the message, and who has reported it. */
  users: AdminUser[];
  /** How many people have reported it. */
  count: number;
  /** The newest 20 of the reports, the newest first. */
  reports: Report[];
}

/** Query of `GET /admin/apps/:appId/reports`. */
export interface ReportQuery {
  /** `open`: what has waited longest first (default) · `resolved`: what was decided last first. */
  state?: 'open' | 'resolved';
  cursor?: string;
  limit?: number;
}

/** Body of `POST /admin/apps/:appId/reports/:reportId/resolve`: of all open reports of the same message. */
export interface ResolveReport {
  resolution: ReportResolution;
}
