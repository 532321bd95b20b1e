import { CoTalkError, closedError } from './errors.ts';
import type { Files, FilesDeps, createFiles } from './files.ts';

/** Files, whose code comes with the first of them: most pages show none. */
export function filesLater(deps: FilesDeps): ReturnType<typeof createFiles> {
  let coming: Promise<ReturnType<typeof createFiles>> | undefined;
  let there: ReturnType<typeof createFiles> | undefined;
  /** Tells one sign-in from the next, across awaits. */
  let turn = 0;

  async function ready(): Promise<Files> {
    const mine = turn;
    coming ??= import('./files.ts').then((module) => (there = module.createFiles(deps)));
    try {
      await coming;
    } catch (cause) {
      coming = undefined;
      throw new CoTalkError('network', 'unable to load what sends and shows files; check the connection', { cause });
    }
    if (!there || mine !== turn) throw closedError();
    return there.files;
  }

  return {
    files: {
      upload: async (file, options) => (await ready()).upload(file, options),
      urls: async (ids) => (await ready()).urls(ids),
    },
    clear() {
      turn += 1;
      there?.clear();
    },
  };
}
