import { absenceTable, measureAbsence } from './absence.ts';
import { connectTable, measureConnecting } from './connecting.ts';
import { historyTable, measureHistory } from './history.ts';
import { idleTable, measureIdle } from './idle.ts';
import { measureReactions, reactionsTable } from './reactions.ts';
import { measureSearch, searchTable } from './search.ts';

const IDLE_LEVELS = [1_000, 5_000, 10_000];

/** What `--only` may name. */
export const PARTS = ['messages', 'idle', 'connect', 'history', 'sync', 'reactions', 'search'];

/** Everything but messages, each on servers of its own: as data, and to read. */
export async function measureOthers(
  parts: string[],
  rounds: number,
): Promise<{ data: Record<string, unknown>; text: string }> {
  const data: Record<string, unknown> = {};
  let text = '';
  if (parts.includes('idle')) {
    const idle = await measureIdle(IDLE_LEVELS);
    data['idle'] = idle;
    text += idleTable(idle);
  }
  if (parts.includes('connect')) {
    const connect = await measureConnecting(rounds);
    data['connect'] = connect;
    text += connectTable(connect);
  }
  if (parts.includes('history')) {
    const history = await measureHistory();
    data['history'] = history;
    text += historyTable(history);
  }
  if (parts.includes('sync')) {
    const sync = await measureAbsence();
    data['sync'] = sync;
    text += absenceTable(sync);
  }
  if (parts.includes('search')) {
    const search = await measureSearch();
    data['search'] = search;
    text += searchTable(search);
  }
  if (parts.includes('reactions')) {
    const reactions = await measureReactions();
    data['reactions'] = reactions;
    text += reactionsTable(reactions);
  }
  return { data, text };
}
