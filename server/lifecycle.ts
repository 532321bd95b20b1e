import type { Log } from './log.ts';

const END_WITHIN_MS = 30_000;

export interface Lifecycle {
  /** Remembers what has to be ended; the last one started is the first one ended. */
  onEnd(cleanup: () => Promise<void> | void): void;
  /** Ends everything once, whoever asks first, and then the process. */
  end(exitCode: number): Promise<never>;
  /** True from the first wish to end on: whatever is still starting must give up. */
  isEnding(): boolean;
}

/** Ends a process in order: on SIGINT, SIGTERM, SIGHUP, and as the last resort on an error that nobody has caught. */
export function createLifecycle(log: Log): Lifecycle {
  const cleanups: (() => Promise<void> | void)[] = [];
  let ending: Promise<never> | undefined;

  const endAll = async (exitCode: number): Promise<never> => {
    const timer = setTimeout(() => {
      log.error(`unable to end within ${END_WITHIN_MS / 1000} seconds; giving up`);
      process.exit(1);
    }, END_WITHIN_MS);
    let failed = false;
    for (let cleanup = cleanups.pop(); cleanup; cleanup = cleanups.pop()) {
      try {
        await cleanup();
      } catch (error) {
        failed = true;
        log.error({ err: error }, 'unable to end in order');
      }
    }
    clearTimeout(timer);
    process.exit(exitCode || Number(failed));
  };

  const lifecycle: Lifecycle = {
    onEnd: (cleanup) => cleanups.push(cleanup),
    end: (exitCode) => (ending ??= endAll(exitCode)),
    isEnding: () => ending !== undefined,
  };

  // npm hands a signal on that the terminal has already given to everybody: the second one means nothing.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      if (!lifecycle.isEnding()) log.info({ signal }, 'stopping');
      void lifecycle.end(0);
    });
  }
  for (const event of ['uncaughtException', 'unhandledRejection'] as const) {
    process.on(event, (error) => {
      log.fatal({ err: error as unknown }, event);
      void lifecycle.end(1);
    });
  }
  return lifecycle;
}
