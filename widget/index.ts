import { CoTalk } from './co-talk.ts';
import { define } from './define.ts';

define('co-talk', CoTalk);

export { CoTalk };
export type { CoTalkEventMap } from './events.ts';
