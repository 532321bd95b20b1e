import type { Config } from '../config.ts';

/**
 * The link of a mail. Its address is `PUBLIC_URL` and nothing that a request says. The token stands behind the `#`, which
 * browsers keep to themselves: it is in no log, and no `Referer`.
 */
export const accountLink = (
  { publicUrl }: Pick<Config, 'publicUrl'>,
  page: 'reset' | 'verify',
  token: string,
  language: string,
): string => `${publicUrl}/account/${page}#token=${token}&lang=${language}`;
