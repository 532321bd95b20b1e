import { join } from 'node:path';
import { findFreePorts, root, run, type Run } from '../scripts/testing.ts';

/** The built server with an embedded PostgreSQL and the demo site, as `npm start` runs it. */
export interface TestServer {
  url: string;
  siteUrl: string;
  /** Ends the process without a word to it; its PostgreSQL keeps running. */
  kill: () => Promise<void>;
  /** Starts it again, on the same ports and data. */
  start: () => Promise<void>;
}

export async function startServer(dataDir: string, env: NodeJS.ProcessEnv = {}): Promise<TestServer> {
  const port = await findFreePorts();
  let server: Run;
  const start = async () => {
    server = run(process.execPath, [join(root, 'server', 'dist', 'main.js')], {
      PORT: String(port),
      DATA_DIR: dataDir,
      ...env,
    });
    await server.saying(/Co-Talk is running/);
  };
  await start();
  return {
    url: `http://localhost:${port}`,
    siteUrl: `http://localhost:${port + 1}/`,
    start,
    kill: async () => {
      server.process.kill('SIGKILL');
      await server.ended;
    },
  };
}
