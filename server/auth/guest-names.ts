import { randomInt } from 'node:crypto';

const LOOKS = [
  ...['Amber', 'Blue', 'Bold', 'Brave', 'Bright', 'Calm', 'Clever', 'Coral', 'Cosmic', 'Curious', 'Dapper', 'Eager'],
  ...['Gentle', 'Golden', 'Happy', 'Hazel', 'Indigo', 'Jolly', 'Keen', 'Kind', 'Lively', 'Lucky', 'Lunar', 'Merry'],
  ...['Mellow', 'Misty', 'Noble', 'Olive', 'Polite', 'Proud', 'Quick', 'Quiet', 'Rosy', 'Sandy', 'Silver', 'Snowy'],
  ...['Solar', 'Steady', 'Sunny', 'Swift', 'Teal', 'Tidy', 'Velvet', 'Vivid', 'Warm', 'Wise', 'Witty', 'Zesty'],
];

const ANIMALS = [
  ...['Badger', 'Beaver', 'Bison', 'Camel', 'Crane', 'Deer', 'Dolphin', 'Eagle', 'Egret', 'Falcon', 'Ferret', 'Finch'],
  ...['Fox', 'Gecko', 'Hare', 'Hedgehog', 'Heron', 'Ibex', 'Jay', 'Koala', 'Lark', 'Lemur', 'Lynx', 'Magpie'],
  ...['Marten', 'Moose', 'Newt', 'Otter', 'Owl', 'Panda', 'Pelican', 'Penguin', 'Plover', 'Puffin', 'Quail', 'Raccoon'],
  ...['Robin', 'Salmon', 'Seal', 'Sparrow', 'Stork', 'Swallow', 'Swan', 'Tapir', 'Tern', 'Toucan', 'Turtle', 'Wren'],
];

const oneOf = (words: string[]): string => words[randomInt(words.length)] ?? '';

/** A friendly name for somebody who has not given one: `Quiet Otter`. Others may bear it too. */
export const guestName = (): string => `${oneOf(LOOKS)} ${oneOf(ANIMALS)}`;
