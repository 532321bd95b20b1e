import type { MigrationObject } from '@mikro-orm/core';
import { Migration20261122090000 } from './20261122090000-initial.ts';
import { Migration20261122121000 } from './20261122121000-revocations.ts';
import { Migration20261122124000 } from './20261122124000-send-new.ts';

/** In order; append only. */
export const migrations: MigrationObject[] = [
  { name: '20261122090000-initial', class: Migration20261122090000 },
  { name: '20261122121000-revocations', class: Migration20261122121000 },
  { name: '20261122124000-send-new', class: Migration20261122124000 },
];
