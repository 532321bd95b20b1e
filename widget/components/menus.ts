// Menus and questions before a deed: nobody needs one before the first message, so they are a file of their own.
import './composer-context.ts';
import './confirm.ts';
import './menu.ts';
import './message-menu-view.ts';
export { Composing } from '../composing.ts';
export { dressRooms, openRoomMenu, roomTool } from './room-tools.ts';
