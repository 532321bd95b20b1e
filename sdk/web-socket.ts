/** A WebSocket of the platform's. Node finds `node/web-socket.ts` in its place, by the `imports` of the package. */
export const openWebSocket = (url: string): WebSocket => new WebSocket(url);
