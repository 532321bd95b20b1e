import type { AppConfig, Client, SentMessage } from '@co-talk/sdk';
import { isEditable } from '../editable.ts';
import { messageStrings } from '../locales/messages.ts';
import { reportStrings } from '../locales/report.ts';
import type { Localizer } from '../localize.ts';
import type { MenuItem } from './menu.ts';

/** What somebody may do with a message, in the order of the menu. */
export function deeds(message: SentMessage, client: Client, config: AppConfig | null, l: Localizer): MenuItem[] {
  const [m, r] = [messageStrings(l), reportStrings(l)];
  const can = (feature: string) => config?.features.includes(feature) === true;
  const room = client.rooms.store.get().rooms.find(({ id }) => id === message.roomId);
  const own = message.senderId === client.auth.store.get().me?.id;
  const leads = room !== undefined && room.type !== 'direct' && room.me !== null && room.me.role !== 'member';
  const items: [shown: boolean, item: MenuItem][] = [
    [can('reply'), { id: 'reply', label: m.reply }],
    [message.text !== '', { id: 'copy', label: r.copy }],
    [own && config !== null && isEditable(message, config), { id: 'edit', label: m.edit }],
    [can('forward'), { id: 'forward', label: m.forward }],
    [own, { id: 'details', label: m.details }],
    [can('delete') && (own || leads), { id: 'delete', label: m.delete, danger: true }],
    [!own, { id: 'report', label: r.report, danger: true }],
  ];
  return items.flatMap(([shown, item]) => (shown ? item : []));
}
