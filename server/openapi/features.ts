import { appDocs, consoleDocs, manageDocs } from '../apps/apps.routes.ts';
import { authDocs } from '../auth/auth.routes.ts';
import { figureDocs } from '../figures/figures.routes.ts';
import { friendDocs } from '../friends/friends.routes.ts';
import { groupDocs } from '../rooms/groups.routes.ts';
import { fileDocs } from '../files/files.routes.ts';
import { messageDocs } from '../messages/messages.routes.ts';
import { presenceDocs } from '../presence/presence.routes.ts';
import { reportDocs, reportQueueDocs } from '../reports/reports.routes.ts';
import { joiningDocs } from '../rooms/joining.routes.ts';
import { roomDocs } from '../rooms/rooms.routes.ts';
import { searchDocs } from '../search/search.routes.ts';
import { siteDocs } from '../site/site.routes.ts';
import { syncDocs } from '../sync/sync.routes.ts';
import { privacyDocs } from '../users/privacy.routes.ts';
import { userDocs } from '../users/users.routes.ts';
import { webhookDocs } from '../webhooks/webhooks.routes.ts';
import type { Docs } from './docs.ts';

/** The descriptions of all features, in the order in which they are read. */
export const FEATURE_DOCS: Docs[] = [
  authDocs,
  userDocs,
  privacyDocs,
  friendDocs,
  roomDocs,
  groupDocs,
  joiningDocs,
  messageDocs,
  fileDocs,
  searchDocs,
  reportDocs,
  presenceDocs,
  syncDocs,
  appDocs,
  manageDocs,
  siteDocs,
  reportQueueDocs,
  webhookDocs,
  figureDocs,
  consoleDocs,
];
