import { fork, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import type { Answers, Question } from './target.ts';

/** The servers and the database share one core and the generator has another, where the system can pin processes. */
export const pinned = spawnSync('taskset', ['-pc', '1', String(process.pid)]).status === 0;

/** A server under test in a process of its own. `flags` are Node's. */
export async function start(file: string, flags: string[] = []): Promise<ChildProcess> {
  const node = [process.execPath, '--conditions=co-talk-source', '--expose-gc', ...flags];
  const [execPath = '', ...execArgv] = pinned ? ['taskset', '-c', '0', ...node] : node;
  const child = fork(new URL(file, import.meta.url), { execPath, execArgv });
  child.once('exit', (code) => {
    if (code) throw new Error(`unable to measure; ${file} ended with code ${String(code)}`);
  });
  await once(child, 'message');
  return child;
}

/** Asks a server under test: for something to measure, or for what it uses. */
export async function ask<Q extends Question>(child: ChildProcess, question: Q): Promise<Answers[Q['kind']]> {
  const answer = once(child, 'message') as Promise<[Answers[Q['kind']]]>;
  child.send(question);
  return (await answer)[0];
}

/** Ends a server under test, with the database it may have started. */
export async function stop(child: ChildProcess): Promise<void> {
  const gone = once(child, 'exit');
  child.disconnect();
  await gone;
}

export const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
