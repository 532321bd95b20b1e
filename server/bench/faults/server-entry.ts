import { main } from '../../main.ts';
import { breakServer } from './broken.ts';

// The server as everybody starts it; broken only where a test of the checker asks for it.

// Whoever has started it is gone.
process.once('disconnect', () => process.exit(1));
breakServer(process.env['FAULTS_BROKEN'] ?? '');
await main();
