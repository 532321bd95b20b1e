import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Server } from 'socket.io';
import { layOut, tellParent, type Target } from './target.ts';

// The floor to compare with: Socket.IO alone. It checks nothing and stores nothing; it passes messages on and acknowledges them.

const server = createServer();
const io = new Server(server, { perMessageDeflate: false, httpCompression: false, serveClient: false });
let target: Target | undefined;

io.on('connection', (socket) => {
  const room =
    target?.clients.find((client) => client.token === (socket.handshake.auth as { token?: string }).token)?.roomId ??
    '';
  void socket.join(room);
  socket.emit('hello', {});
  socket.on('message:send', (message: { roomId: string }, ack: (answer: unknown) => void) => {
    ack({ ok: true, data: message });
    socket.to(message.roomId).emit('message', message);
  });
});

process.on('message', ({ size, clients }: { size: number; clients: number }) => {
  const rooms = layOut(size, clients);
  target = {
    port: (server.address() as AddressInfo).port,
    clients: rooms.flatMap(({ roomId, userIds }) => userIds.map((userId) => ({ token: userId, roomId }))),
  };
  tellParent(target);
});

server.listen(0, '127.0.0.1', () => {
  tellParent('ready');
});
