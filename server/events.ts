import type { DefaultEventsMap, Socket } from 'socket.io';
import type { Ack, ClientToServerEvents, ServerToClientEvents } from '@co-talk/sdk/protocol';
import type { AccessClaims } from './auth/tokens.ts';
import { cut } from './coalesce.ts';
import { ActionContext, type Actor, type Context, type Services } from './context.ts';
import { AppError, toAppError, toWireError } from './errors.ts';
import type { Allowance } from './limits/allowance.ts';
import { tooMany } from './limits/limits.ts';
import { classOfEvent, nameOfClass } from './limits/table.ts';
import type { Database } from './orm.ts';
import type { Turns } from './turns.ts';
import type { Validator } from './validate.ts';

export interface SocketData {
  claims: AccessClaims;
  expiry: NodeJS.Timeout;
  turns: Turns;
  allowance: Allowance;
}

export type AppSocket = Socket<ClientToServerEvents, ServerToClientEvents, DefaultEventsMap, SocketData>;

type EventName = keyof ClientToServerEvents;
type AnswerOf<E extends EventName> =
  Parameters<Parameters<ClientToServerEvents[E]>[1]>[0] extends Ack<infer T> ? T : never;
type InputOf<E extends EventName> = Parameters<ClientToServerEvents[E]>[0];
type Handler<E extends EventName> = (
  ctx: Context,
  actor: Actor,
  input: InputOf<E>,
  socket: AppSocket,
) => Promise<AnswerOf<E>>;

interface Bound {
  validate: Validator<unknown>;
  atOnce: number;
  /** What it counts as: a place in the table of limits. */
  kind: number;
  run: (ctx: Context, actor: Actor, input: unknown, socket: AppSocket) => Promise<unknown>;
}

/** Binds the actions of a feature to socket events: one line each. */
export interface Events {
  /** `atOnce`: how many of them one socket may have unanswered. Beyond it they are `overloaded`, so that a flood holds up nobody else. */
  on: <E extends EventName>(event: E, validate: Validator<InputOf<E>>, handler: Handler<E>, atOnce?: number) => void;
}

interface EventTable extends Events {
  /** Names of the events that have a handler. */
  bound: () => string[];
  /** Reads an event and answers it. Never fails. */
  answer: (socket: AppSocket, event: string, inputs: unknown[], ack: (answer: Ack<unknown>) => void) => void;
}

/** Unanswered events of one kind and socket, unless said otherwise: three times what the database answers at once. */
const AT_ONCE = 30;

/** What events count as that there are not. */
const UNKNOWN = classOfEvent('');

/** All socket events, guarded alike: nothing that a client sends can throw past {@link EventTable.answer}. */
export function createEvents(services: () => Services, db: Database): EventTable {
  const handlers = new Map<string, Bound>();

  function answer(socket: AppSocket, event: string, inputs: unknown[], ack: (answer: Ack<unknown>) => void): void {
    const { appId, actor } = socket.data.claims;
    const { turns, allowance } = socket.data;

    function refuse(error: unknown): void {
      const known = toAppError(error);
      if (known.code === 'internal')
        services().log.error({ err: error, event: event.slice(0, 50), user: actor.userId }, 'event failed');
      ack({ ok: false, error: toWireError(known) });
    }

    const handler = handlers.get(event);
    const kind = handler?.kind ?? UNKNOWN;
    const wait = allowance.take(kind);
    if (wait > 0) {
      // Whoever goes on all the same does not listen.
      if (allowance.exhausted()) cut(socket.conn);
      else ack({ ok: false, error: toWireError(tooMany(nameOfClass(kind), wait)) });
      return;
    }

    try {
      if (!handler) throw new AppError('invalid_request', 'unable to answer; there is no such event');
      if (inputs.length > 1) throw new AppError('invalid_request', 'unable to read the event; it takes one object');
      const input = handler.validate(inputs[0]);
      const ctx = new ActionContext(services(), db, appId);
      turns.take(event, handler.atOnce);
      handler.run(ctx, actor, input, socket).then(
        (data) => {
          turns.end(event);
          try {
            ack({ ok: true, data });
            ctx.flush();
          } catch (error) {
            refuse(error);
          }
        },
        (error: unknown) => {
          turns.end(event);
          refuse(error);
        },
      );
    } catch (error) {
      refuse(error);
    }
  }

  return {
    answer,
    bound: () => [...handlers.keys()],
    on: (event, validate, handler, atOnce = AT_ONCE) => {
      handlers.set(event, {
        validate,
        atOnce,
        kind: classOfEvent(event),
        run: (ctx, actor, input, socket) => handler(ctx, actor, input as InputOf<typeof event>, socket),
      });
    },
  };
}
