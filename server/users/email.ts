import { LIMITS } from '@co-talk/sdk/protocol';

/** Characters before the `@` (RFC 5321), and in one part of a domain name (RFC 1035). */
const LOCAL_MAX = 64;
const LABEL_MAX = 63;

/** An address as people type it, less what they paste around it. */
export const cleanEmail = (email: string): string => email.trim().normalize('NFC');

/** The form of an address that uniqueness and log-in are about: letter case does not count. */
export const emailKey = (email: string): string => cleanEmail(email).toLowerCase();

/** What is wrong with an address, or `undefined`. Whether mail arrives there only mail can tell. */
export function emailProblem(email: string): string | undefined {
  const clean = cleanEmail(email);
  if (Math.max(clean.length, emailKey(clean).length) > LIMITS.emailMax) {
    return `must have at most ${String(LIMITS.emailMax)} characters`;
  }
  const [local, domain, ...more] = clean.split('@');
  if (!local || !domain || more.length > 0) return 'must have the form name@example.com';
  if (!isLocalPart(local)) return 'must have a name before the @ without spaces, quotes or brackets';
  if (!isDomain(domain)) return 'must have a domain after the @, such as example.com';
  return undefined;
}

const isLocalPart = (local: string): boolean =>
  local.length <= LOCAL_MAX && /^[^\p{C}\p{Z}"(),:;<>[\\\]]+$/u.test(local) && !local.split('.').includes('');

function isDomain(domain: string): boolean {
  const labels = domain.split('.');
  const top = labels.at(-1) ?? '';
  return (
    labels.length > 1 &&
    labels.every(
      (label) => label.length <= LABEL_MAX && /^[\p{L}\p{N}]([\p{L}\p{M}\p{N}-]*[\p{L}\p{M}\p{N}])?$/u.test(label),
    ) &&
    /\p{L}/u.test(top)
  );
}
