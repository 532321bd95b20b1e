import type { Sound } from './attach-uploads.ts';

/** What browsers record, the best first. */
const TYPES = ['audio/webm;codecs=opus', 'audio/mp4', 'audio/ogg;codecs=opus'];

/** Milliseconds from one look at the loudness to the next, and of the longest recording. */
const EVERY_MS = 50;
const MOST_MS = 600_000;
/** Heights in a waveform. */
const BARS = 48;

/** A recording of the microphone. */
export class Recorder {
  readonly #recorder: MediaRecorder;
  readonly #stream: MediaStream;
  readonly #context = new AudioContext();
  readonly #parts: Blob[] = [];
  readonly #peaks: number[] = [];
  readonly #timer: ReturnType<typeof setInterval>;
  readonly #began = performance.now();

  static get possible(): boolean {
    return typeof MediaRecorder !== 'undefined' && 'mediaDevices' in navigator;
  }

  /**
   * Asks for the microphone, and begins. Rejects where there is none, or it is not allowed.
   * @param onChange is called while it records; with `true` when it is long enough
   */
  static async start(onChange: (full: boolean) => void): Promise<Recorder> {
    return new Recorder(await navigator.mediaDevices.getUserMedia({ audio: true }), onChange);
  }

  private constructor(stream: MediaStream, onChange: (full: boolean) => void) {
    this.#stream = stream;
    const mimeType = TYPES.find((type) => MediaRecorder.isTypeSupported(type));
    this.#recorder = new MediaRecorder(stream, mimeType === undefined ? {} : { mimeType });
    this.#recorder.ondataavailable = ({ data }) => this.#parts.push(data);
    const analyser = this.#context.createAnalyser();
    this.#context.createMediaStreamSource(stream).connect(analyser);
    const samples = new Float32Array(analyser.fftSize);
    this.#timer = setInterval(() => {
      analyser.getFloatTimeDomainData(samples);
      this.#peaks.push(samples.reduce((peak, sample) => Math.max(peak, Math.abs(sample)), 0));
      onChange(this.ms >= MOST_MS);
    }, EVERY_MS);
    this.#recorder.start(1_000);
  }

  /** How long it is, in milliseconds. */
  get ms(): number {
    return performance.now() - this.#began;
  }

  /** How loud it was last, from 0 to 1. */
  get level(): number {
    return Math.min(1, this.#peaks.at(-1) ?? 0);
  }

  /** Ends it. @param name of the file, without its ending */
  async finish(name: string): Promise<{ file: File; sound: Sound }> {
    const durationMs = Math.round(this.ms);
    const stopped = new Promise((resolve) => (this.#recorder.onstop = resolve));
    this.#recorder.stop();
    await stopped;
    this.discard();
    const [type = ''] = this.#recorder.mimeType.split(';');
    const file = new File(this.#parts, `${name}.${type.split('/')[1] ?? 'webm'}`, { type });
    return { file, sound: { durationMs, waveform: waveformOf(this.#peaks) } };
  }

  /** Gives the microphone back. */
  discard(): void {
    clearInterval(this.#timer);
    if (this.#recorder.state !== 'inactive') this.#recorder.stop();
    for (const track of this.#stream.getTracks()) track.stop();
    void this.#context.close();
  }
}

/** Peaks as at most {@link BARS} heights from 0 to 100, the loudest of all being 100. */
export function waveformOf(peaks: readonly number[]): number[] {
  const count = Math.min(BARS, peaks.length);
  const most = Math.max(...peaks, 0.02);
  return Array.from({ length: count }, (_, place) => {
    const from = Math.floor((place * peaks.length) / count);
    const to = Math.floor(((place + 1) * peaks.length) / count);
    return Math.round((Math.max(...peaks.slice(from, to)) / most) * 100);
  });
}
