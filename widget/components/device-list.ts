import { css, html, LitElement, nothing, type PropertyValues } from 'lit';
import type { Client, SessionInfo } from '@co-talk/sdk';
import { define } from '../define.ts';
import { attempt, explain } from '../explain.ts';
import { youStrings } from '../locales/you.ts';
import { englishLocalizer, type Localizer } from '../localize.ts';
import { base } from '../styles.ts';
import { ago } from '../time.ts';
import { readUserAgent } from '../user-agent.ts';
import { formStyles } from './form.styles.ts';
import { rowStyles } from './rows.styles.ts';

/** The devices where one is signed in; all but this one can be signed out. Says `notice`. */
export class DeviceList extends LitElement {
  static override styles = [
    base,
    rowStyles,
    formStyles,
    css`
      :host {
        display: block;
      }
      .row {
        padding-inline: 0;
      }
    `,
  ];

  static override properties = {
    client: { attribute: false },
    l: { attribute: false },
    now: { attribute: false },
    devices: { state: true },
    failure: { state: true },
  };

  declare client: Client;
  declare l: Localizer;
  declare now: Date;
  declare devices: SessionInfo[] | null;
  declare failure: unknown;

  constructor() {
    super();
    this.l = englishLocalizer;
    this.now = new Date();
    this.devices = null;
    this.failure = null;
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('client')) void this.#load();
  }

  protected override render() {
    const { s } = this.l;
    if (this.failure) {
      return html`<p class="problem" role="alert">${explain(this.failure, this.l)}</p>
        <button class="btn ghost" @click=${() => void this.#load()}>${s.tryAgain}</button>`;
    }
    if (!this.devices)
      return html`<div class="bone" aria-hidden="true">
        <div><i class="w4"></i><i class="w3"></i></div>
      </div>`;
    return html`<ul role="list" tabindex="-1">
      ${this.devices.map((device) => html`<li>${this.#device(device)}</li>`)}
    </ul>`;
  }

  #device(device: SessionInfo) {
    const { s } = this.l;
    const words = youStrings(this.l);
    const agent = readUserAgent(device.userAgent);
    const name = agent ? words.browserOn(agent.browser, agent.system) : words.unknownDevice;
    const when = ago(device.lastUsedAt, this.l.locale, this.now);
    return html`<div class="row" part="device">
      <div class="text">
        <div class="l1"><span class="name">${name}</span></div>
        <div class="l2">
          <span class="what">${device.current ? words.thisDevice : when ? words.lastUsed(when) : s.lastSeenNow}</span>
        </div>
      </div>
      ${
        device.current
          ? nothing
          : html`<button
              class="btn ghost"
              aria-label=${words.signOutDevice(name)}
              @click=${() => void this.#end(device)}
            >
              ${s.signOut}
            </button>`
      }
    </div>`;
  }

  async #load(): Promise<void> {
    this.failure = null;
    try {
      this.devices = await this.client.auth.sessions();
    } catch (error) {
      this.failure = error;
    }
  }

  async #end(device: SessionInfo): Promise<void> {
    if (!(await attempt(this, this.l, () => this.client.auth.endSession(device.id)))) return;
    this.devices = this.devices?.filter(({ id }) => id !== device.id) ?? null;
    this.renderRoot.querySelector('ul')?.focus();
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'co-talk-device-list': DeviceList;
  }
}

define('co-talk-device-list', DeviceList);
