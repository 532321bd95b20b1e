import type { MigrationObject } from '@mikro-orm/core';
import { Migration20261122090000 } from './20261122090000-initial.ts';

/** In order; append only. */
export const migrations: MigrationObject[] = [{ name: '20261122090000-initial', class: Migration20261122090000 }];
