import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

/** The log writes to the process's own standard output, so it is read from outside. */
function logged(format: string, statement: string): string {
  const module = fileURLToPath(new URL('./log.ts', import.meta.url));
  const code = `const { createLog } = await import(${JSON.stringify(module)});
    const log = createLog({ logLevel: 'info', logFormat: ${JSON.stringify(format)} });
    ${statement}`;
  const { stdout, stderr } = spawnSync(
    process.execPath,
    ['--experimental-strip-types', '--no-warnings', '--input-type=module', '-e', code],
    { encoding: 'utf8' },
  );
  return stdout + stderr;
}

it('writes one JSON object per line, with level and time', () => {
  const line = logged('json', `log.warn({ requestId: 'r1' }, 'slow'); log.debug('unheard');`);
  expect(JSON.parse(line)).toEqual({
    level: 'warn',
    time: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/) as string,
    requestId: 'r1',
    msg: 'slow',
  });
});

it('writes lines for people', () => {
  expect(logged('pretty', `log.info('ready');`)).toMatch(/INFO.*ready/);
});

it.each(['json', 'pretty'])('blots out secrets and what people wrote, as %s', (format) => {
  const output = logged(
    format,
    `log.info({ token: 'planted', body: { password: 'planted', session: { refreshToken: 'planted' } },
      req: { headers: { authorization: 'Bearer planted' } }, message: { text: 'planted' } }, 'done');`,
  );
  expect(output).toContain('done');
  expect(output).toContain('[redacted]');
  expect(output).not.toContain('planted');
});

it('says of an error what went wrong, and nothing of what hangs on it', () => {
  const output = logged(
    'json',
    `const cause = Object.assign(new Error('refused'), { code: 'ECONNREFUSED', client: { secretKey: 'planted' } });
    const many = new AggregateError([cause], 'all of them');
    log.error({ err: Object.assign(new Error('broke', { cause: many }), { detail: 'planted', code: '23505' }) }, 'failed');`,
  );
  expect(JSON.parse(output)).toMatchObject({
    err: {
      ...{ type: 'Error', message: 'broke', code: '23505', stack: expect.stringContaining('Error: broke') as string },
      cause: { type: 'AggregateError', errors: [{ message: 'refused', code: 'ECONNREFUSED' }] },
    },
  });
  expect(output).not.toContain('planted');
});
