import { html } from 'lit';
import type { Client, Id } from '@co-talk/sdk';
import { commands, userEvent } from 'vitest/browser';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { waveformOf } from '../attach-recorder.ts';
import { Drafts } from '../drafts.ts';
import { clear, deep, heard, one, problems, settle, show, until } from '../testing.ts';
import { connect, goHome, newApp, pair, SERVER, signUp, type Person } from '../testing-people.ts';
import './attachment-parts.ts';
import './room-view.ts';
import type { RoomView } from './room-view.ts';

const drafts = new Drafts(SERVER, 'default');
let mina: Person;
let minji: Person;
let roomId: Id;
let client: Client;
let element: RoomView;
let stage: HTMLElement;

const chips = () => deep(element, '.chip');
const ready = () => chips().filter((chip) => chip.matches('.ready')).length;
const bubbles = () => deep(element, '.bubble');
const pictures = () => deep(element, '.picture');
const labelled = (label: string) => deep(element, `[aria-label="${label}"]`)[0];

async function photo(name: string, width = 900, height = 600): Promise<File> {
  const canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = [width, height];
  const context = canvas.getContext('2d');
  if (!context) throw new Error('nothing to draw on');
  const colours = context.createLinearGradient(0, 0, width, height);
  colours.addColorStop(0, '#224488');
  colours.addColorStop(1, '#eebb66');
  context.fillStyle = colours;
  context.fillRect(0, 0, width, height);
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/png'));
  return new File([blob ?? ''], name, { type: 'image/png' });
}

const text = (name: string, content = 'tea') => new File([content], name, { type: 'text/plain' });

function carrying(...files: File[]): DataTransfer {
  const transfer = new DataTransfer();
  for (const file of files) transfer.items.add(file);
  return transfer;
}

function choose(...files: File[]): void {
  const input = one(element, 'input[type=file]', HTMLInputElement);
  input.files = carrying(...files).files;
  input.dispatchEvent(new Event('change'));
}

const send = () => one(element, '.send').click();

async function open(look: Parameters<typeof show>[1] = {}): Promise<void> {
  const view = html`<co-talk-room-view .client=${client} .drafts=${drafts} .roomId=${roomId}></co-talk-room-view>`;
  ({ element, stage } = await show<RoomView>(view, { ...look, as: undefined }));
  await until(() => labelled('Attach files') !== undefined, 'the room, and its button');
  await settle();
}

beforeEach(async () => {
  const app = await newApp();
  [mina, minji] = await Promise.all([signUp(app, 'Mina'), signUp(app, 'Minji')]);
  roomId = await pair(mina, minji);
  client = await connect(mina);
  await open();
});
afterEach(async () => {
  clear();
  await goHome();
});

describe('files', () => {
  test('are chosen, sent without a word, and shown in a box of their size', async () => {
    choose(await photo('wide.png'));
    await until(() => ready() === 1, 'the upload');
    send();
    await until(() => pictures().length === 1, 'the message');
    const box = pictures()[0]?.getBoundingClientRect();
    expect([Math.round(box?.width ?? 0), Math.round(box?.height ?? 0)]).toEqual([260, 173]);
    await until(() => pictures()[0]?.matches('.shown') === true, 'the picture');
    expect(pictures()[0]?.getBoundingClientRect().height).toBe(box?.height);
    expect(chips()).toEqual([]);
    const stored = () => commands.query('select type, text from messages where room_id = $1', [roomId]);
    await until(async () => (await stored()).length === 1, 'the message on the server');
    expect(await stored()).toEqual([{ type: 'image', text: '' }]);
  });

  test('are sent once they have arrived, with what was written', async () => {
    const field = one(element, 'textarea', HTMLTextAreaElement);
    field.value = 'Look';
    field.dispatchEvent(new InputEvent('input', { bubbles: true, composed: true }));
    choose(await photo('a.png'), text('plan.txt'));
    await settle(1);
    send();
    await until(() => bubbles().length === 1, 'the message');
    await until(() => deep(element, '.file').length === 1, 'its files');
    expect(bubbles()[0]?.innerText).toContain('Look');
    expect(deep(element, '.file')[0]?.innerText).toMatch(/plan\.txt\s+TXT · 3 byte/);
  });

  test('are pasted, and dropped on the room, which says so', async () => {
    const paste = new ClipboardEvent('paste', { bubbles: true, composed: true, cancelable: true });
    Object.defineProperty(paste, 'clipboardData', { value: carrying(text('pasted.txt')) });
    one(element, 'textarea').dispatchEvent(paste);
    await until(() => chips().length === 1, 'what was pasted');
    const drag = (type: string) =>
      one(element, 'co-talk-composer').dispatchEvent(
        new DragEvent(type, {
          bubbles: true,
          composed: true,
          cancelable: true,
          dataTransfer: carrying(text('dropped.txt')),
        }),
      );
    drag('dragover');
    await settle(1);
    expect(deep(element, '.drop').map(({ innerText }) => innerText)).toEqual(['Drop files to attach them']);
    drag('drop');
    await until(() => chips().length === 2, 'what was dropped');
    expect(deep(element, '.drop')).toEqual([]);
    expect(chips().map((chip) => chip.innerText.split('\n')[0])).toEqual(['pasted.txt', 'dropped.txt']);
  });

  test('that cannot be sent say why, hold the message back, and are removed', async () => {
    const notices = heard(stage, 'notice');
    choose(new File(['MZ\u0090\0'.padEnd(200, '\0')], 'run.exe'), text('empty.txt', ''), text('fine.txt'));
    await until(() => chips().filter((chip) => chip.matches('.failed')).length === 2, 'the refusals');
    expect(chips()[0]?.innerText).toContain('This kind of file cannot be sent');
    expect(chips()[1]?.innerText).toContain('This file is empty');
    send();
    await until(() => notices.length === 1, 'the word about it');
    expect([notices[0]?.text, bubbles().length]).toEqual([
      'Not all files could be uploaded. Try them again, or remove them.',
      0,
    ]);
    labelled('Remove run.exe')?.click();
    labelled('Remove empty.txt')?.click();
    await until(() => chips().length === 1 && ready() === 1, 'the rest');
    send();
    await until(() => bubbles().length === 1, 'the message');
  });

  test('are ten at most', async () => {
    const notices = heard(stage, 'notice');
    choose(...Array.from({ length: 12 }, (_, place) => text(`${place}.txt`)));
    await until(() => ready() === 10, 'ten of them');
    expect(notices.map((notice) => notice.text)).toEqual(['At most 10 files fit into a message.']);
  });

  test('have no button where there are none', async () => {
    clear();
    await commands.query(`update apps set settings = '{"fileBytes": 0}' where id = $1`, [mina.app]);
    await new Promise((resolve) => setTimeout(resolve, 2_100));
    client = await connect(mina);
    const view = html`<co-talk-room-view .client=${client} .drafts=${drafts} .roomId=${roomId}></co-talk-room-view>`;
    ({ element, stage } = await show<RoomView>(view, { as: undefined }));
    await until(() => deep(element, 'co-talk-attach-view').length === 1, 'the room');
    await client.config();
    await settle();
    expect(labelled('Attach files')).toBeUndefined();
  });
});

describe('a voice message', () => {
  const microphone = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
  /** A tone, as a microphone would hear it. */
  const tone = async () => {
    const context = new AudioContext();
    await context.resume();
    const [oscillator, out] = [context.createOscillator(), context.createMediaStreamDestination()];
    oscillator.connect(out);
    oscillator.start();
    return out.stream;
  };
  afterEach(() => {
    navigator.mediaDevices.getUserMedia = microphone;
  });

  test('is recorded, sent, and heard with its waveform and length', async () => {
    navigator.mediaDevices.getUserMedia = tone;
    await userEvent.click(labelled('Record a voice message') ?? stage);
    await until(() => labelled('Finish the recording') !== undefined, 'the recording');
    expect(labelled('Record a voice message')).toBeUndefined();
    await new Promise((resolve) => setTimeout(resolve, 700));
    expect(await problems(stage)).toEqual([]);
    // What is recorded still is finished, and sent.
    send();
    await until(() => deep(element, 'co-talk-voice').length === 1, 'the message');
    await until(async () => (await commands.query('select 1 from messages where room_id = $1', [roomId])).length === 1);
    const [row] = await commands.query('select kind, duration_ms, waveform from files where user_id = $1', [mina.id]);
    expect(row).toMatchObject({ kind: 'audio' });
    expect(Number(row?.['duration_ms'])).toBeGreaterThan(500);
    expect(Math.max(...(row?.['waveform'] as number[]))).toBe(100);
    await userEvent.click(labelled('Play') ?? stage);
    await until(() => labelled('Pause') !== undefined, 'it play');
    expect(await problems(stage)).toEqual([]);
  });

  test('that is discarded is not sent; without a microphone it is said why', async () => {
    navigator.mediaDevices.getUserMedia = tone;
    await userEvent.click(labelled('Record a voice message') ?? stage);
    await until(() => labelled('Discard the recording') !== undefined, 'the recording');
    labelled('Discard the recording')?.click();
    await until(() => labelled('Record a voice message') !== undefined, 'the button');
    expect(one(element, '.send', HTMLButtonElement).disabled).toBe(true);
    const notices = heard(stage, 'notice');
    navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('no', 'NotAllowedError'));
    await userEvent.click(labelled('Record a voice message') ?? stage);
    await until(() => notices.length === 1, 'the word about it');
    expect(notices[0]?.text).toContain('The microphone cannot be used');
  });

  test('has a waveform of its loudest moments', () => {
    expect(waveformOf([0.1, 0.5, 0.25])).toEqual([20, 100, 50]);
    const long = waveformOf(Array.from({ length: 1_000 }, (_, place) => (place === 500 ? 1 : 0.5)));
    expect([long.length, long.filter((height) => height === 100).length, Math.min(...long)]).toEqual([48, 1, 50]);
    expect(waveformOf([])).toEqual([]);
  });
});

describe('pictures', () => {
  const lightbox = () => deep(element, 'dialog')[0];
  const shown = () => lightbox()?.getAttribute('aria-label');

  beforeEach(async () => {
    choose(await photo('one.png'), await photo('two.png', 400, 800), await photo('three.png', 500, 500));
    await until(() => ready() === 3, 'the uploads');
    send();
    await until(() => deep(element, '.picture.shown').length === 3, 'the pictures');
  });

  test('are shown large, one after the other by keyboard, and give the focus back', async () => {
    const first = pictures()[0];
    first?.focus();
    await userEvent.keyboard('{Enter}');
    await until(() => shown() === 'Picture: one.png', 'the first');
    await until(() => deep(element, 'dialog img').length === 1, 'it');
    await userEvent.keyboard('{ArrowRight}');
    await until(() => shown() === 'Picture: two.png', 'the second');
    await userEvent.keyboard('{ArrowRight}{ArrowRight}');
    await until(() => shown() === 'Picture: three.png', 'the last');
    expect(deep(element, '.next')).toEqual([]);
    await userEvent.keyboard('{Escape}');
    await until(() => lightbox() === undefined, 'the end');
    await settle();
    expect(first?.matches(':focus')).toBe(true);
  });

  test.each([
    ['light', {}],
    ['dark', { dark: true }],
    ['from right to left', { dir: 'rtl' as const }],
  ])('and what is attached can be used by everybody: %s', async (_how, look) => {
    clear();
    await open(look);
    await until(() => deep(element, '.picture.shown').length === 3, 'the pictures');
    choose(await photo('new.png'), new File(['MZ\u0090\0'.padEnd(200, '\0')], 'run.exe'));
    await until(() => ready() === 1 && deep(element, '.failed').length > 0, 'both');
    expect(await problems(stage)).toEqual([]);
    pictures()[0]?.click();
    await until(() => deep(element, 'dialog img').length === 1, 'the picture');
    expect(await problems(stage)).toEqual([]);
  });
});
