import type { BrowserContext, WebSocketRoute } from 'playwright-core';

/** The network of one browser. Chromium's own offline mode leaves open WebSockets alone. */
export class Line {
  readonly #context: BrowserContext;
  readonly #sockets = new Set<WebSocketRoute>();
  #away = false;

  private constructor(context: BrowserContext) {
    this.#context = context;
  }

  /** Before the first page loads. */
  static async of(context: BrowserContext): Promise<Line> {
    const line = new Line(context);
    await context.routeWebSocket(/\/socket\.io\//, (socket) => {
      if (line.#away) {
        void socket.close();
        return;
      }
      socket.connectToServer();
      line.#sockets.add(socket);
    });
    return line;
  }

  async cut(): Promise<void> {
    this.#away = true;
    await this.#context.setOffline(true);
    await Promise.all([...this.#sockets].map((socket) => socket.close()));
    this.#sockets.clear();
  }

  async mend(): Promise<void> {
    this.#away = false;
    await this.#context.setOffline(false);
  }
}
