import { appDocs, consoleDocs, manageDocs } from '../apps/apps.docs.ts';
import { authDocs } from '../auth/auth.docs.ts';
import { figureDocs } from '../figures/figures.docs.ts';
import { friendDocs } from '../friends/friends.docs.ts';
import { messageDocs } from '../messages/messages.docs.ts';
import { presenceDocs } from '../presence/presence.docs.ts';
import { roomDocs } from '../rooms/rooms.docs.ts';
import { siteDocs } from '../site/site.docs.ts';
import { syncDocs } from '../sync/sync.docs.ts';
import { privacyDocs } from '../users/privacy.docs.ts';
import { userDocs } from '../users/users.docs.ts';
import { webhookDocs } from '../webhooks/webhooks.docs.ts';
import type { Docs } from './docs.ts';

/** The descriptions of all features, in the order in which they are read. */
export const FEATURE_DOCS: Docs[] = [
  authDocs,
  userDocs,
  privacyDocs,
  friendDocs,
  roomDocs,
  messageDocs,
  presenceDocs,
  syncDocs,
  appDocs,
  manageDocs,
  siteDocs,
  webhookDocs,
  figureDocs,
  consoleDocs,
];
