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

export const USER_HELP = `Usage: co-talk user <command>

Commands
  create --email <address> --nickname <name> [--password <password>]
                                 open an account; without a password one is made up and shown
  token <id> [--nickname <name>] sign a token for a user of the site, with the app's newest signing key: for trying things out
  disable <id>, enable <id>      shut somebody out of all devices, or let them in again
  erase <id> --yes               remove a person and everything of theirs

Options
  --app <id>                     the app; default: default
  --json                         answer as JSON
`;

const many = { type: 'string', multiple: true } as const;
const text = { type: 'string' } as const;

export const OPTIONS = {
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
  app: text,
  email: text,
  nickname: text,
  password: text,
  yes: { type: 'boolean' },
  json: { type: 'boolean' },
} as const;

/** What was given of {@link OPTIONS}. */
export interface CliValues {
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
  app?: string | undefined;
  email?: string | undefined;
  nickname?: string | undefined;
  password?: string | undefined;
  yes?: boolean | undefined;
  json?: boolean | undefined;
}

/** How a command answers. Both return the exit code. */
export interface CliOutput {
  print: (text: string) => number;
  refuse: (why: string) => number;
}
