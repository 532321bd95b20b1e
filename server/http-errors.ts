import { LIMITS } from '@co-talk/sdk/protocol';
import { AppError } from './errors.ts';

/** The errors of Express and its body parser, by their documented `type` or status. */
export function fromExpress(error: unknown): AppError | undefined {
  if (!(error instanceof Error) || !('status' in error) || error instanceof AppError) return undefined;
  switch (error.status) {
    case 413:
      return new AppError(
        'too_large',
        `unable to read the request; its body is over ${String('limit' in error ? error.limit : LIMITS.payloadBytes)} bytes`,
      );
    case 415:
      return new AppError('unsupported_media', 'unable to read the request; its encoding is not supported');
    case 400:
      return new AppError('invalid_request', 'unable to read the request; its address or its JSON is malformed');
    default:
      return undefined;
  }
}
