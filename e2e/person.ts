import type { Browser, BrowserContext, Locator, Page } from 'playwright-core';
import { vi } from 'vitest';
import type { Client } from '@co-talk/sdk';

/** The element as its page has it. */
export interface ChatElement {
  client: Client;
}

/** Somebody in a browser of their own, on the host site. */
export class Person {
  readonly nickname: string;
  readonly page: Page;
  readonly context: BrowserContext;
  /** What went wrong on the page: errors nobody caught and files that did not arrive. */
  readonly problems: string[] = [];
  /** Every text frame the server has sent to this browser. */
  readonly frames: string[] = [];

  private constructor(nickname: string, context: BrowserContext, page: Page) {
    this.nickname = nickname;
    this.context = context;
    this.page = page;
    page.setDefaultTimeout(30_000);
    page.on('pageerror', (error) => this.problems.push(error.message));
    page.on('console', (message) => {
      // A server that is gone for a moment is part of the story.
      const isProblem =
        message.type() === 'error' &&
        !/ERR_CONNECTION|ERR_EMPTY_RESPONSE|ERR_INTERNET|WebSocket|ERR_NETWORK/.test(message.text());
      if (isProblem) this.problems.push(message.text());
    });
    page.on('websocket', (socket) => {
      socket.on('framereceived', ({ payload }) => this.frames.push(String(payload)));
    });
  }

  static async arrive(
    browser: Browser,
    siteUrl: string,
    nickname: string,
    prepare?: (context: BrowserContext) => Promise<unknown>,
  ): Promise<Person> {
    const context = await browser.newContext({ viewport: { width: 1180, height: 820 }, locale: 'en-US' });
    await prepare?.(context);
    const person = new Person(nickname, context, await context.newPage());
    await person.page.goto(siteUrl);
    return person;
  }

  /** The same person in one more tab. */
  async tab(siteUrl: string): Promise<Person> {
    const person = new Person(this.nickname, this.context, await this.context.newPage());
    await person.page.goto(siteUrl);
    return person;
  }

  /** Runs on the page, with the client that the element offers to it. */
  async use<T>(run: (client: Client, given: string) => T | Promise<T>, given = ''): Promise<T> {
    const client = await this.chat.evaluateHandle((element) => (element as unknown as ChatElement).client);
    return client.evaluate(run, given);
  }

  /** Signs up without the forms, which have tests of their own. */
  async join(): Promise<void> {
    await this.open();
    await this.chat.getByLabel('E-mail').waitFor();
    await this.use(async (client, nickname) => {
      await client.auth.signUp({ email: `${nickname}@example.com`, password: 'correct horse battery', nickname });
    }, this.nickname);
    await this.chat.getByText('No chats yet').waitFor();
  }

  /** Asks, and the other accepts. */
  async befriend(other: Person): Promise<void> {
    const id = await other.use((client) => client.auth.store.get().me?.id ?? '');
    await this.use(async (client, userId) => {
      await client.friends.request(userId);
    }, id);
    const asked = () => other.use((client) => client.friends.store.get().incoming.length);
    await vi.waitUntil(asked, { timeout: 20_000, interval: 50 });
    await other.use(async (client) => {
      const [request] = client.friends.store.get().incoming;
      if (request) await client.friends.accept(request.id);
    });
  }

  get chat(): Locator {
    return this.page.locator('co-talk');
  }

  button(name: string | RegExp): Locator {
    return this.chat.getByRole('button', { name });
  }

  /** The texts of the messages on screen, oldest first. */
  async messages(): Promise<string[]> {
    return this.chat.locator('[part~="bubble"]').allInnerTexts();
  }

  async open(): Promise<void> {
    await this.button(/^Open chat/).click();
  }

  async signUp(): Promise<void> {
    await this.open();
    await this.chat.getByLabel('E-mail').fill(`${this.nickname}@example.com`);
    await this.chat.getByLabel('Nickname').fill(this.nickname);
    await this.chat.getByLabel('Password', { exact: true }).fill('correct horse battery');
    await this.button('Create account').click();
    await this.chat.getByText('No chats yet').waitFor();
  }

  async askToBeFriends(nickname: string): Promise<void> {
    await this.button(/^Friends/).click();
    await this.chat.getByRole('searchbox').fill(nickname.slice(0, 4));
    await this.button(new RegExp(`^Add .?${nickname}.? as a friend$`)).click();
    await this.chat.getByText('Request sent').first().waitFor();
  }

  async acceptFriend(nickname: string): Promise<void> {
    await this.button(/^Friends, 1 request/).click();
    // Names stand in isolates, so that right-to-left ones do not turn the rest around.
    await this.button(new RegExp(`^Accept .?${nickname}`)).click();
  }

  async openRoomWith(nickname: string): Promise<void> {
    await this.button(/^Chats/).click();
    await this.roomWith(nickname).click();
    await this.composer.waitFor();
  }

  /** Opens the panel where it is closed, and in it the room. */
  async enter(nickname: string): Promise<void> {
    await this.button(/^(Open chat|Chats)/)
      .first()
      .waitFor();
    if (!(await this.button(/^Chats/).isVisible())) await this.open();
    await this.openRoomWith(nickname);
  }

  /** The line of the room list. */
  roomWith(nickname: string): Locator {
    return this.chat.getByRole('listitem').filter({ hasText: nickname }).getByRole('button').first();
  }

  get composer(): Locator {
    return this.chat.getByRole('textbox', { name: /^Message / });
  }

  async send(text: string): Promise<void> {
    await this.composer.fill(text);
    await this.composer.press('Enter');
  }
}
