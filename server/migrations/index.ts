import type { MigrationObject } from '@mikro-orm/core';
import { Migration20261122090000 } from './20261122090000-initial.ts';
import { Migration20261122121000 } from './20261122121000-revocations.ts';
import { Migration20261122124000 } from './20261122124000-send-new.ts';
import { Migration20261122160000 } from './20261122160000-apps.ts';
import { Migration20261122161000 } from './20261122161000-host-users.ts';
import { Migration20261122163000 } from './20261122163000-privacy.ts';
import { Migration20261122165500 } from './20261122165500-session-address.ts';
import { Migration20261122170000 } from './20261122170000-webhooks.ts';
import { Migration20261122166000 } from './20261122166000-mails.ts';
import { Migration20261122171000 } from './20261122171000-site.ts';
import { Migration20261122172000 } from './20261122172000-guests.ts';
import { Migration20261122181000 } from './20261122181000-extras.ts';
import { Migration20261122180000 } from './20261122180000-reports.ts';
import { Migration20261122182000 } from './20261122182000-groups.ts';
import { Migration20261122183000 } from './20261122183000-search.ts';
import { Migration20261122182500 } from './20261122182500-files.ts';

/** In order; append only. */
export const migrations: MigrationObject[] = [
  { name: '20261122090000-initial', class: Migration20261122090000 },
  { name: '20261122121000-revocations', class: Migration20261122121000 },
  { name: '20261122124000-send-new', class: Migration20261122124000 },
  { name: '20261122160000-apps', class: Migration20261122160000 },
  { name: '20261122161000-host-users', class: Migration20261122161000 },
  { name: '20261122163000-privacy', class: Migration20261122163000 },
  { name: '20261122165500-session-address', class: Migration20261122165500 },
  { name: '20261122170000-webhooks', class: Migration20261122170000 },
  { name: '20261122166000-mails', class: Migration20261122166000 },
  { name: '20261122171000-site', class: Migration20261122171000 },
  { name: '20261122172000-guests', class: Migration20261122172000 },
  { name: '20261122181000-extras', class: Migration20261122181000 },
  { name: '20261122180000-reports', class: Migration20261122180000 },
  { name: '20261122182000-groups', class: Migration20261122182000 },
  { name: '20261122183000-search', class: Migration20261122183000 },
  { name: '20261122182500-files', class: Migration20261122182500 },
];
