import type { ReactiveController, ReactiveControllerHost } from 'lit';
import { CoTalkError, type Attachment, type Client } from '@co-talk/sdk';

/** A file on its way to the server, or there. */
export interface Upload {
  readonly file: File;
  readonly clientId: string;
  readonly sound: Sound | undefined;
  state: 'busy' | 'ready' | 'failed';
  /** From 0 to 1. */
  part: number;
  attachment: Attachment | null;
  error: CoTalkError | null;
  ending: AbortController;
}

/** What is known of a recording. */
export interface Sound {
  durationMs: number;
  waveform: readonly number[];
}

/** At once: the others wait for their turn. */
const AT_ONCE = 3;

/** The files of a message that is being written. They go to the server while it is. */
export class Uploads implements ReactiveController {
  readonly #host: ReactiveControllerHost;
  #client: Client | null = null;
  #running = 0;
  #waiting: Upload[] = [];
  #settled: (() => void)[] = [];
  list: Upload[] = [];

  constructor(host: ReactiveControllerHost) {
    this.#host = host;
    host.addController(this);
  }

  hostConnected(): void {
    // Nothing to begin with: it begins with a file.
  }

  hostDisconnected(): void {
    this.clear();
  }

  use(client: Client): void {
    this.#client = client;
  }

  add(files: readonly File[], sound?: Sound): void {
    const uploads = files.map((file): Upload => ({
      ...{ file, clientId: crypto.randomUUID(), sound, state: 'busy', part: 0, attachment: null, error: null },
      ending: new AbortController(),
    }));
    this.list = [...this.list, ...uploads];
    for (const upload of uploads) this.#start(upload);
  }

  remove(upload: Upload): void {
    upload.ending.abort();
    this.list = this.list.filter((one) => one !== upload);
    this.#waiting = this.#waiting.filter((one) => one !== upload);
    this.#changed();
  }

  /** Once more, under the same id: had it arrived after all, it is there once. */
  retry(upload: Upload): void {
    Object.assign(upload, { state: 'busy', part: 0, error: null, ending: new AbortController() });
    this.#start(upload);
  }

  clear(): void {
    for (const upload of this.list) upload.ending.abort();
    this.list = [];
    this.#waiting = [];
    this.#changed();
  }

  /** Resolves when none is on its way any more. */
  async settled(): Promise<void> {
    while (this.list.some(({ state }) => state === 'busy')) {
      await new Promise<void>((resolve) => this.#settled.push(resolve));
    }
  }

  #start(upload: Upload): void {
    if (this.#running < AT_ONCE) void this.#run(upload);
    else this.#waiting.push(upload);
    this.#changed();
  }

  async #run(upload: Upload): Promise<void> {
    const { file, clientId, ending, sound } = upload;
    this.#running += 1;
    try {
      const onProgress = (part: number) => {
        upload.part = part;
        this.#host.requestUpdate();
      };
      const sent = this.#client?.files.upload(file, { ...sound, clientId, signal: ending.signal, onProgress });
      upload.attachment = (await sent) ?? null;
      upload.state = 'ready';
    } catch (error) {
      upload.state = 'failed';
      upload.error = error instanceof CoTalkError ? error : new CoTalkError('internal', String(error));
    }
    this.#running -= 1;
    const next = this.#waiting.shift();
    if (next) void this.#run(next);
    this.#changed();
  }

  #changed(): void {
    for (const resolve of this.#settled.splice(0)) resolve();
    this.#host.requestUpdate();
  }
}
