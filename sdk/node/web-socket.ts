import { WebSocket } from 'ws';

/**
 * What `../web-socket.ts` is elsewhere. Node 20 has no WebSocket of its own; that of later versions waits for ever for the answer to
 * its close, and a process with it.
 */
export const openWebSocket = (url: string): WebSocket => new WebSocket(url);
