interface Addresses {
  serverUrl: string;
  /** `null`: no demo site is served. */
  demoUrl: string | null;
  /** `null`: the database is somebody else's. */
  dataDir: string | null;
  /** Where the key to the console is: a file, or the variable that it was given in. */
  operatorKey: string;
}

/** What a person who has just started the server needs to know. */
export function banner({ serverUrl, demoUrl, dataDir, operatorKey }: Addresses): string {
  const lines = [
    '',
    '  Co-Talk is running.',
    '',
    ...(demoUrl === null ? [] : [`  Demo site   ${demoUrl}   somebody's page, with the chat on it`]),
    `  Server      ${serverUrl}   API, realtime and ${serverUrl}/co-talk.js`,
    `  Console     ${serverUrl}/console/   apps, keys, people; the key to it: ${operatorKey}`,
    ...(dataDir === null ? [] : [`  Data        ${dataDir}`]),
    '',
    ...(demoUrl === null ? embedding(serverUrl) : twoPeople(demoUrl)),
    '',
    '  Ctrl-C stops everything.',
    '',
    '',
  ];
  return lines.join('\n');
}

function twoPeople(demoUrl: string): string[] {
  return [
    '  To make two people talk:',
    `    1. Open ${demoUrl} in a normal and in a private window, and sign up as somebody else in each.`,
    '    2. In one of them, find the other by nickname under Friends and send a request.',
    '    3. Accept it in the other one: their room is under Chats.',
  ];
}

function embedding(serverUrl: string): string[] {
  return [
    '  To put the chat on a page:',
    `    <script type="module" src="${serverUrl}/co-talk.js"></script>`,
    '    <co-talk app="default"></co-talk>',
  ];
}
