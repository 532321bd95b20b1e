import { randomUUID } from 'node:crypto';
import { pipeline, Readable } from 'node:stream';
import type { EntityManager } from '@mikro-orm/postgresql';
import express, { Router, type ErrorRequestHandler, type Express, type Request, type Response } from 'express';
import helmet from 'helmet';
import { LIMITS, SESSION_HEADER } from '@co-talk/sdk/protocol';
import { getApp } from './apps/apps.ts';
import { consoleCookie, keyInPage, notOperator, unknownApp } from './apps/console-cookie.ts';
import { authenticateAdmin, type Admin } from './apps/operator.ts';
import { checkOrigin } from './apps/origins.ts';
import { credentialHeaders } from './auth/session-cookie.ts';
import { authenticate } from './auth/tokens.ts';
import { ActionContext, type Actor, type Context, type Services } from './context.ts';
import { AppError, toAppError, toProblem } from './errors.ts';
import { fromExpress } from './http-errors.ts';
import { hurry } from './hurry.ts';
import { addressOf } from './limits/address.ts';
import { tooMany } from './limits/limits.ts';
import { classOfRoute } from './limits/table.ts';
import type { Database } from './orm.ts';
import { createTurns } from './turns.ts';
import { id, type Validator } from './validate.ts';

/** What a route reads and needs. Left out: nothing of that kind is accepted. */
interface Contract<B, Q> {
  body?: Validator<B>;
  query?: Validator<Q>;
  /** The body is not JSON: one of these types, of so many bytes at most. It comes to `body` as a Buffer. */
  binary?: { types: string[]; bytes: number };
  /** The body is a form with a file in it, and comes to `body` as the request itself, to be read as it comes. */
  streamed?: true;
}

/** The names after `:` in a path. */
type Params<P extends string> = P extends `${string}:${infer Name}/${infer Rest}`
  ? Record<Name, string> & Params<`/${Rest}`>
  : P extends `${string}:${infer Name}`
    ? Record<Name, string>
    : unknown;

/** What an endpoint is called with: validated, never the client's own objects. */
interface Input<B, Q, P extends string> {
  params: Params<P>;
  body: B;
  query: Q;
  userAgent: string | null;
  /** A header, by its name. */
  header: (name: string) => string | undefined;
  /** Where it comes from, for counting. */
  address: string;
}

/** An answer with another status than 200 (204 where there is no body), with headers, or whose body is a stream. */
export class Answer {
  readonly status: number;
  readonly body: unknown;
  readonly headers: Record<string, string | string[]>;

  constructor(status: number, body?: unknown, headers: Record<string, string | string[]> = {}) {
    this.status = status;
    this.body = body;
    this.headers = headers;
  }
}

type Method = 'get' | 'post' | 'put' | 'patch' | 'delete';
type Endpoint<B, Q, P extends string> = (ctx: Context, actor: Actor, input: Input<B, Q, P>) => Promise<unknown>;
type OpenEndpoint<B, Q, P extends string> = (ctx: Context, input: Input<B, Q, P>) => Promise<unknown>;

/** Binds the actions of a feature to paths below `/api/v1`: one line each. */
export interface Routes {
  /** For a signed-in user. */
  on: <B = undefined, Q = undefined, P extends string = string>(
    method: Method,
    path: P,
    contract: Contract<B, Q>,
    endpoint: Endpoint<B, Q, P>,
  ) => void;
  /** For anybody; `appOf` says for which app, by what the request says or holds. */
  open: <B = undefined, Q = undefined, P extends string = string>(
    method: Method,
    path: P,
    contract: Contract<B, Q>,
    appOf: (input: Input<B, Q, P>, em: EntityManager) => string | Promise<string>,
    endpoint: OpenEndpoint<B, Q, P>,
  ) => void;
  /** For the operator, or a secret key of the app that the path names as `:appId`. */
  admin: <B = undefined, Q = undefined, P extends `/admin/apps/:appId${string}` = `/admin/apps/:appId${string}`>(
    method: Method,
    path: P,
    contract: Contract<B, Q>,
    endpoint: (ctx: Context, by: Admin, input: Input<B, Q, P>) => Promise<unknown>,
  ) => void;
  /** For anybody, and about no app. */
  bare: <B = undefined, Q = undefined, P extends string = string>(
    method: Method,
    path: P,
    contract: Contract<B, Q>,
    endpoint: (db: Database, services: Services, input: Input<B, Q, P>) => Promise<unknown>,
  ) => void;
  /** For the operator alone. */
  operator: <B = undefined, Q = undefined, P extends `/admin/${string}` = `/admin/${string}`>(
    method: Method,
    path: P,
    contract: Contract<B, Q>,
    endpoint: (db: Database, services: Services, by: Admin, input: Input<B, Q, P>) => Promise<unknown>,
  ) => void;
}

const nothing = (what: string) => (input: unknown) => {
  if (input === undefined || (typeof input === 'object' && input !== null && Object.keys(input).length === 0))
    return undefined;
  throw new AppError('invalid_request', `unable to read the request; it takes no ${what}`);
};

/** Requests under way at once: more would only wait for the database, and hold what they brought along. */
const AT_ONCE = 500;

/** Express with everything that is the same for all routes. Features add theirs through {@link Routes}. */
export function createHttp(
  services: Services,
  db: Database,
): { app: Express; routes: Routes; bound: string[]; finish: () => void } {
  const bound: string[] = [];
  const { limits } = services;
  const turns = createTurns();
  const app = express();
  app.disable('x-powered-by');
  app.set('trust proxy', services.config.trustProxy);
  app.set('query parser', 'simple');
  app.use(helmet({ crossOriginResourcePolicy: { policy: 'cross-origin' } }));
  app.use((req, res, next) => {
    const requestId = randomUUID();
    const started = performance.now();
    res.locals['requestId'] = requestId;
    res.set({
      'X-Request-Id': requestId,
      'Access-Control-Allow-Origin': '*',
      'Access-Control-Expose-Headers': 'Retry-After, X-Request-Id',
    });
    res.on('finish', () => {
      const { statusCode: status } = res;
      const route = typeof res.locals['route'] === 'string' ? res.locals['route'] : 'other';
      const line = {
        requestId,
        method: req.method,
        route,
        status,
        ms: Math.round(performance.now() - started),
        user: userOf(res),
      };
      services.log[levelOf(status, route)](line, 'request');
    });
    next();
  });

  const router = Router();
  router.use(['/auth', '/me/upgrade'], async (req, res, next) => {
    res.set(await credentialHeaders(db, services, req.headers));
    next();
  });
  router.use((req, res, next) => {
    res.set('Cache-Control', 'no-store');
    if (req.method !== 'OPTIONS') {
      next();
      return;
    }
    res.set({
      'Access-Control-Allow-Methods': 'GET, POST, PUT, PATCH, DELETE',
      'Access-Control-Allow-Headers': `Authorization, Content-Type, ${SESSION_HEADER}`,
      'Access-Control-Max-Age': '7200',
    });
    res.status(204).end();
  });
  // Before anything is read: whoever floods costs as little as can be.
  router.use((req, res, next) => {
    const address = addressOf(req, services.config.trustProxy);
    res.locals['address'] = address;
    const wait = limits.useHere('requests', { address });
    if (wait > 0) throw tooMany('requests', wait);
    if (!req.is('multipart/form-data')) hurry(req);
    next();
  });
  router.use(express.json({ limit: LIMITS.payloadBytes, strict: true, type: 'application/json' }));

  function bind<B, Q, P extends string>(
    method: Method,
    path: P,
    contract: Contract<B, Q>,
    enter: (req: Request, input: Input<B, Q, P>) => Promise<{ appId: string; run: (ctx: Context) => Promise<unknown> }>,
  ) {
    bound.push(`${method.toUpperCase()} ${path}`);
    const readBody = contract.body ?? (nothing('body') as Validator<B>);
    const readQuery = contract.query ?? (nothing('query') as Validator<Q>);
    const { binary, streamed } = contract;
    if (binary) router[method](path, express.raw({ type: binary.types, limit: binary.bytes }));
    router[method](path, async (req, res) => {
      res.locals['route'] = path;
      const input: Input<B, Q, P> = {
        params: readParams(req) as Params<P>,
        body: readBody(streamed ? req : binary ? readBinary(req, binary.types) : readJson(req)),
        query: readQuery(req.query),
        userAgent: req.get('user-agent')?.slice(0, 200) ?? null,
        header: (name) => req.get(name),
        address: addressIn(res),
      };
      const { appId, run } = await enter(req, input);
      const ctx = new ActionContext(services, db, appId, input.address);
      const result = await turns.run(streamed ? 'upload' : 'request', AT_ONCE, () => run(ctx));
      send(res, result instanceof Answer ? result : new Answer(result === undefined ? 204 : 200, result));
      ctx.flush();
    });
  }

  /** Binds a route that only those see whom `identify` lets in, before anything is said about what it takes. */
  function guard<W extends { appId: string }, B, Q, P extends string>(
    [method, path]: [Method, P],
    contract: Contract<B, Q>,
    identify: (req: Request, res: Response) => Promise<W>,
    run: (who: W, ctx: Context, input: Input<B, Q, P>) => Promise<unknown>,
  ) {
    const known = new WeakMap<Request, W>();
    const kind = classOfRoute(`${method.toUpperCase()} ${path}`);
    router[method](path, async (req, res, next) => {
      res.locals['route'] = path;
      const who = await turns.run('authentication', AT_ONCE, () => identify(req, res));
      await limits.use(kind, { userId: userOf(res) ?? '', address: addressIn(res), appId: who.appId });
      known.set(req, who);
      next();
    });
    bind(method, path, contract, (req, input) => {
      const who = known.get(req);
      if (!who) throw new Error(`nobody is known on ${path}`);
      return Promise.resolve({ appId: who.appId, run: (ctx) => run(who, ctx, input) });
    });
  }

  async function identifyUser(req: Request, res: Response): Promise<{ appId: string; actor: Actor }> {
    const claims = await authenticate(db, services.config, bearer(req));
    await checkOrigin(db, services, claims.appId, originOf(req, services));
    res.locals['user'] = claims.actor.userId;
    return claims;
  }

  async function identifyAdmin(req: Request, res: Response): Promise<Admin> {
    const keys = { bearer: bearer(req), cookie: consoleCookie((name) => req.get(name)) };
    const by = await authenticateAdmin(db, services.config, keys).catch((error: unknown) =>
      limits.guesses.wrongKey(addressIn(res), error),
    );
    // A page that holds such a key has told it to everybody who looks.
    if (bearer(req) !== undefined && req.get('origin') !== undefined) throw keyInPage();
    res.locals['user'] = by.id;
    return by;
  }

  const routes: Routes = {
    on: (method, path, contract, endpoint) => {
      guard([method, path], contract, identifyUser, ({ actor }, ctx, input) => endpoint(ctx, actor, input));
    },
    admin: (method, path, contract, endpoint) => {
      guard(
        [method, path],
        contract,
        async (req, res) => {
          const by = await identifyAdmin(req, res);
          const appId = String(req.params['appId']);
          if (by.appId !== null && by.appId !== appId) throw unknownApp();
          await getApp(db, appId);
          return { by, appId };
        },
        ({ by }, ctx, input) => endpoint(ctx, by, input),
      );
    },
    bare: (method, path, contract, endpoint) => {
      const kind = classOfRoute(`${method.toUpperCase()} ${path}`);
      bind(method, path, contract, async (_req, input) => {
        await limits.use(kind, { address: input.address });
        return { appId: '', run: () => endpoint(db, services, input) };
      });
    },
    operator: (method, path, contract, endpoint) => {
      guard(
        [method, path],
        contract,
        async (req, res) => {
          const by = await identifyAdmin(req, res);
          if (by.kind !== 'operator') throw notOperator();
          return { by, appId: '' };
        },
        ({ by }, _ctx, input) => endpoint(db, services, by, input),
      );
    },
    open: (method, path, contract, appOf, endpoint) => {
      const kind = classOfRoute(`${method.toUpperCase()} ${path}`);
      bind(method, path, contract, async (req, input) => {
        const appId = await appOf(input, db.orm.em.fork());
        await getApp(db, appId);
        await checkOrigin(db, services, appId, originOf(req, services));
        await limits.use(kind, { address: input.address, appId });
        return { appId, run: (ctx) => endpoint(ctx, input) };
      });
    },
  };

  return {
    app,
    routes,
    bound,
    finish: () => {
      app.use('/api/v1', router);
      app.use((req) => {
        throw new AppError(
          'not_found',
          `unable to answer; there is nothing at ${req.method} ${req.path.slice(0, 100)}`,
        );
      });
      app.use(answerError(services));
    },
  };
}

/** The widget's files, health checks and figures are asked for all the time; being overloaded is a state, not a fault. */
function levelOf(status: number, route: string): 'debug' | 'info' | 'warn' | 'error' {
  if (status === 503 || status === 501) return 'warn';
  if (status >= 500) return 'error';
  return route === 'other' || route.endsWith('/figures') ? 'debug' : 'info';
}

function readParams(req: Request): Record<string, string> {
  const params: Record<string, string> = {};
  for (const [name, value] of Object.entries(req.params)) {
    if (typeof value !== 'string') continue;
    const parsed =
      name.toLowerCase().endsWith('id') && name !== 'appId'
        ? id.safeParse(value)
        : { success: true as const, data: value };
    if (!parsed.success) throw new AppError('not_found', 'unable to find it; there is nothing with this id');
    params[name] = parsed.data;
  }
  return params;
}

function readJson(req: Request): unknown {
  const hasBody = req.headers['transfer-encoding'] !== undefined || Number(req.headers['content-length'] ?? 0) > 0;
  if (hasBody && !req.is('application/json')) {
    throw new AppError('unsupported_media', 'unable to read the request; its body must be application/json');
  }
  return req.body as unknown;
}

function readBinary(req: Request, types: string[]): Buffer {
  if (Buffer.isBuffer(req.body)) return req.body;
  throw new AppError('unsupported_media', `unable to read the request; its body must be ${types.join(' or ')}`);
}

/** A page of the server's own, such as the console's preview, sends no `Origin` along with what it reads. */
const originOf = (req: Request, { config }: Services): string | undefined =>
  req.get('origin') ?? (req.get('sec-fetch-site') === 'same-origin' ? config.publicUrl : undefined);

function bearer(req: Request): string | undefined {
  return /^Bearer (\S+)$/i.exec(req.get('authorization') ?? '')?.[1];
}

const addressIn = (res: Response): string => String(res.locals['address']);

function userOf(res: Response): string | undefined {
  return typeof res.locals['user'] === 'string' ? res.locals['user'] : undefined;
}

function send(res: Response, answer: Answer): void {
  res.set(answer.headers);
  res.status(answer.status);
  // Whoever reads it may have gone: then it ends there.
  if (answer.body instanceof Readable) pipeline(answer.body, res, () => undefined);
  else if (answer.body === undefined) res.end();
  else res.json(answer.body);
}

function answerError(services: Services): ErrorRequestHandler {
  return (error: unknown, _req, res, next) => {
    const known = fromExpress(error) ?? toAppError(error);
    if (known.code === 'internal')
      services.log.error({ err: error, requestId: res.locals['requestId'] as string }, 'request failed');
    if (res.headersSent) {
      next(error);
      return;
    }
    if (known.retryAfterMs !== undefined) res.set('Retry-After', String(Math.ceil(known.retryAfterMs / 1000)));
    res
      .status(known.status)
      .type('application/problem+json')
      .send(JSON.stringify(toProblem(known)));
  };
}
