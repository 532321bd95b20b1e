import { WebSocket as NodeWebSocket } from 'ws';

/** Node has a WebSocket of its own from version 22 on. */
const Platform = () => (globalThis as Partial<typeof globalThis>).WebSocket ?? NodeWebSocket;

/** What `web-socket.ts` is elsewhere. */
export const openWebSocket = (url: string): WebSocket | NodeWebSocket => new (Platform())(url);
