/** Times as people say them, by `Intl`. Every function takes the moment "now" so that lists agree with each other. */

const DAY = 86_400_000;

const formats = new Map<string, Intl.DateTimeFormat>();

function format(locale: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = locale + JSON.stringify(options);
  let made = formats.get(key);
  if (!made) formats.set(key, (made = new Intl.DateTimeFormat(locale, options)));
  return made;
}

/** Whole days between the local dates of two moments. */
function daysBetween(earlier: Date, later: Date): number {
  const midnight = (d: Date) => Date.UTC(d.getFullYear(), d.getMonth(), d.getDate());
  return Math.round((midnight(later) - midnight(earlier)) / DAY);
}

const relatives = new Map<string, Intl.RelativeTimeFormat>();

function relative(locale: string, value: number, unit: Intl.RelativeTimeFormatUnit): string {
  let made = relatives.get(locale);
  if (!made) relatives.set(locale, (made = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' })));
  return made.format(value, unit);
}

function capitalize(text: string, locale: string): string {
  const first = Array.from(text)[0] ?? '';
  return first.toLocaleUpperCase(locale) + text.slice(first.length);
}

/** `3:12 PM` */
export function clock(time: string, locale: string): string {
  return format(locale, { hour: 'numeric', minute: '2-digit' }).format(new Date(time));
}

/** For a list of rooms: `3:31 PM`, `Yesterday`, `Monday`, `Nov 3`, `11/3/2024`. */
export function listTime(time: string, locale: string, now: Date): string {
  const date = new Date(time);
  const days = daysBetween(date, now);
  if (days <= 0) return clock(time, locale);
  if (days === 1) return capitalize(relative(locale, -1, 'day'), locale);
  if (days < 7) return format(locale, { weekday: 'long' }).format(date);
  if (date.getFullYear() === now.getFullYear()) return format(locale, { month: 'short', day: 'numeric' }).format(date);
  return format(locale, { year: 'numeric', month: 'numeric', day: 'numeric' }).format(date);
}

/** For a separator between days: `Today`, `Yesterday`, `Monday, November 3`, with the year where it is another one. */
export function dayName(time: string, locale: string, now: Date): string {
  const date = new Date(time);
  const days = daysBetween(date, now);
  if (days === 0 || days === 1) return capitalize(relative(locale, -days, 'day'), locale);
  const year = date.getFullYear() === now.getFullYear() ? {} : ({ year: 'numeric' } as const);
  return format(locale, { weekday: 'long', month: 'long', day: 'numeric', ...year }).format(date);
}

/** `Yesterday 3:30 PM`: the whole moment, for a tooltip. */
export function fullTime(time: string, locale: string, now: Date): string {
  return `${dayName(time, locale, now)} ${clock(time, locale)}`;
}

/** How long ago, for "last seen": `4 minutes ago`, `2 hours ago`, `yesterday`, `Nov 3`; `null` for less than a minute. */
export function ago(time: string, locale: string, now: Date): string | null {
  const date = new Date(time);
  const minutes = Math.floor((now.getTime() - date.getTime()) / 60_000);
  if (minutes < 1) return null;
  if (minutes < 60) return relative(locale, -minutes, 'minute');
  const days = daysBetween(date, now);
  if (days === 0 || minutes < 360) return relative(locale, -Math.floor(minutes / 60), 'hour');
  if (days < 7) return relative(locale, -days, 'day');
  return listTime(time, locale, now);
}

/** Whether two moments fall on one local day. */
export function sameDay(a: string, b: string): boolean {
  return daysBetween(new Date(a), new Date(b)) === 0;
}

/** Whether two moments fall in one minute. */
export function sameMinute(a: string, b: string): boolean {
  return Math.floor(Date.parse(a) / 60_000) === Math.floor(Date.parse(b) / 60_000);
}
