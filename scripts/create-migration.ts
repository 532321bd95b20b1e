import { connectDatabase } from '../server/orm.ts';
import { startEmbeddedPostgres } from '../server/embedded.ts';
import { createLog } from '../server/log.ts';
import { rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

// Writes the difference between the entities and all migrations so far as a new migration. Register it in migrations/index.ts.

const dataDir = fileURLToPath(new URL(`../.cache/migration-${String(process.pid)}`, import.meta.url));
const log = createLog({ logLevel: 'warn', logFormat: 'pretty' });
const postgres = await startEmbeddedPostgres({ dataDir, log });
try {
  const db = await connectDatabase(postgres.url, log, 2);
  const { fileName, diff } = await db.orm.migrator.create();
  await db.close();
  process.stdout.write(
    diff.up.length > 0
      ? `wrote server/migrations/${fileName}\n`
      : 'the migrations make the schema that the entities describe\n',
  );
} finally {
  await postgres.stop();
  await rm(dataDir, { recursive: true, force: true });
}
