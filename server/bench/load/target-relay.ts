import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Server } from 'socket.io';
import { layOut, tellParent, usage, type Question } from './target.ts';

// The floor to compare with: Socket.IO alone. It checks nothing and stores nothing; it passes messages on and acknowledges them.

const server = createServer();
const io = new Server(server, { perMessageDeflate: false, httpCompression: false, serveClient: false });
/** By token. */
let rooms = new Map<string, string>();

io.on('connection', (socket) => {
  const { token = '' } = socket.handshake.auth as { token?: string };
  void socket.join(rooms.get(token) ?? '');
  socket.emit('hello', {});
  socket.on('message:send', (message: { roomId: string }, ack: (answer: unknown) => void) => {
    ack({ ok: true, data: message });
    socket.to(message.roomId).emit('message', message);
  });
});

process.on('message', (question: Question) => {
  if (question.kind === 'usage') tellParent(usage(0));
  if (question.kind !== 'rooms') return;
  const clients = layOut(question.size, question.clients).flatMap(({ roomId, userIds }) =>
    userIds.map((userId) => ({ token: userId, roomId })),
  );
  rooms = new Map(clients.map(({ token, roomId }) => [token, roomId]));
  tellParent({ port: (server.address() as AddressInfo).port, clients });
});
process.once('disconnect', () => process.exit());

server.listen(0, '127.0.0.1', () => {
  tellParent('ready');
});
