export const APP_HELP = `Usage: co-talk app <command>

Commands
  list                           the apps, and the origins whose pages may use them
  show <id>                      one app, and its keys
  create [id] --name <name>      make one; it can be given all options of update
  update <id> [options]          change what is named, and nothing else
  create-key <id> --kind secret|signing [--name <name>]
                                 make a key; it is shown once
  rotate-key <id> <key> [--overlap <hours>]
                                 make a key in another one's place; both hold for so many hours (24)
  revoke-key <id> <key>          end a key at once, and the sessions that it vouched for
  remove <id> --yes              end an app and delete everything in it

Options
  --name <name>
  --origin <origin>              set the origins: https://shop.example, or https://*.shop.example for all below it
  --add-origin, --remove-origin  add or take away one; these three can be given several times
  --no-origin on|off             clients that send no origin: native apps, servers
  --accounts, --guests, --host-users on|off
                                 who can come in: with an e-mail address and a password, as a guest, signed by the site
  --jwks-url <https://…>         where the site publishes the keys that it signs with
  --json                         answer as JSON

A running server takes changes within two seconds. One on the embedded PostgreSQL must be stopped first, or use the console.
`;

const many = { type: 'string', multiple: true } as const;
const text = { type: 'string' } as const;

export const APP_OPTIONS = {
  origin: many,
  'add-origin': many,
  'remove-origin': many,
  'no-origin': text,
  accounts: text,
  guests: text,
  'host-users': text,
  'jwks-url': text,
  name: text,
  kind: text,
  overlap: text,
  yes: { type: 'boolean' },
  json: { type: 'boolean' },
} as const;

/** What was given of {@link APP_OPTIONS}. */
export interface AppValues {
  origin?: string[] | undefined;
  'add-origin'?: string[] | undefined;
  'remove-origin'?: string[] | undefined;
  'no-origin'?: string | undefined;
  accounts?: string | undefined;
  guests?: string | undefined;
  'host-users'?: string | undefined;
  'jwks-url'?: string | undefined;
  name?: string | undefined;
  kind?: string | undefined;
  overlap?: string | undefined;
  yes?: boolean | undefined;
  json?: boolean | undefined;
}
