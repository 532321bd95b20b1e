import { css, html, nothing } from 'lit';
import type { AppKey, AppKeyKind, CreatedKey } from '@co-talk/sdk/protocol';
import { explain } from '../explain.ts';
import { icons } from '../icons.ts';
import { Resource } from '../resource.ts';
import { empty, textOf, View } from '../view.ts';
import './confirm.ts';
import './dialog.ts';
import './secret.ts';

const KINDS: AppKeyKind[] = ['secret', 'signing', 'public'];
/** Hours for which the replaced key still holds. */
const OVERLAPS = [0, 1, 24, 168, 720] as const;

type Open = { what: 'create' } | { what: 'rotate' | 'revoke'; key: AppKey } | { what: 'made'; key: CreatedKey } | null;

/** The keys of an app: made and shown once, rotated, revoked. */
export class KeysView extends View {
  static override styles = [
    ...View.styles,
    css`
      .rows .sub code {
        font-size: 12px;
      }
    `,
  ];

  static override properties = {
    path: { attribute: false },
    open: { state: true },
    kind: { state: true },
    busy: { state: true },
    failure: { state: true },
  };

  declare path: string;
  declare open: Open;
  declare kind: AppKeyKind;
  declare busy: boolean;
  declare failure: unknown;

  readonly #keys = new Resource<{ items: AppKey[] }>(this, () => this.api.get(`${this.path}/keys`));

  constructor() {
    super();
    this.path = '';
    this.open = null;
    this.kind = 'secret';
    this.busy = false;
    this.failure = null;
  }

  protected override render() {
    const { s } = this.l;
    const create = html`<button class="btn" @click=${() => this.#show({ what: 'create' })}>
      ${icons.plus}${s.newKey}
    </button>`;
    return html`
      <section class="card" aria-labelledby="keys">
        <header>
          <div>
            <h2 id="keys">${s.tabs.keys}</h2>
            <p class="lead">${s.keysText}</p>
          </div>
          ${create}
        </header>
        ${this.show(this.#keys, ({ items }) =>
          items.length === 0
            ? empty(icons.key, s.noKeys, s.noKeysText)
            : html`<ul class="rows" role="list">
                ${items.map((key) => this.#row(key))}
              </ul>`,
        )}
      </section>
      ${this.#dialog()}
    `;
  }

  #row(key: AppKey) {
    const { s } = this.l;
    return html`<li class="wraps">
      <div class="main">
        <p class="name">
          ${key.name}<span class="badge tint">${s.keyKinds[key.kind]}</span>
          ${key.expiresAt === null ? nothing : html`<span class="badge warn">${s.endsAt(this.l.moment(key.expiresAt))}</span>`}
        </p>
        <p class="sub">
          <code>${key.id}</code>
          <span>${s.created} ${this.time(key.createdAt)}</span>
          ${key.kind === 'secret' ? html`<span>${key.lastUsedAt ? html`${s.lastUsed} ${this.time(key.lastUsedAt)}` : s.neverUsed}</span>` : nothing}
        </p>
      </div>
      <div class="acts">
        ${
          key.expiresAt === null
            ? html`<button
                class="btn quiet"
                aria-label="${s.rotate}: ${key.name}"
                @click=${() => this.#show({ what: 'rotate', key })}
              >
                ${s.rotate}
              </button>`
            : nothing
        }
        <button
          class="btn quiet danger"
          aria-label="${s.revoke}: ${key.name}"
          @click=${() => this.#show({ what: 'revoke', key })}
        >
          ${s.revoke}
        </button>
      </div>
    </li>`;
  }

  #dialog() {
    const { s } = this.l;
    const { open } = this;
    const close = () => this.#show(null);
    switch (open?.what) {
      case 'create':
        return html`<ct-dialog .heading=${s.newKey} .l=${this.l} @close=${close}>
          <form @submit=${this.#create}>
            <fieldset class="field">
              <legend>${s.keyKind}</legend>
              ${KINDS.map(
                (kind) =>
                  html`<label class="choice"
                    ><input
                      type="radio"
                      name="kind"
                      value=${kind}
                      .checked=${this.kind === kind}
                      @change=${() => {
                        this.kind = kind;
                      }}
                    /><span><strong>${s.keyKinds[kind]}</strong><span>${s.keyKindTexts[kind]}</span></span></label
                  >`,
              )}
            </fieldset>
            <div class="field">
              <label for="name">${s.name}</label>
              <input id="name" name="name" required maxlength="100" placeholder=${s.keyNameExample} />
            </div>
            ${this.kind === 'public' ? this.#pem() : nothing} ${this.#problem()}
            <button class="btn wide" ?disabled=${this.busy}>${s.createKey}</button>
          </form>
        </ct-dialog>`;
      case 'rotate':
        return html`<ct-dialog .heading=${s.rotateKey(open.key.name)} .l=${this.l} @close=${close}>
          <form @submit=${(event: SubmitEvent) => this.#rotate(event, open.key)}>
            <p class="field">${s.rotateText}</p>
            <div class="field">
              <label for="overlap">${s.overlap}</label>
              <select id="overlap" name="overlap">
                ${OVERLAPS.map((hours) => html`<option value=${hours} ?selected=${hours === 24}>${s.overlaps[hours]}</option>`)}
              </select>
            </div>
            ${open.key.kind === 'public' ? this.#pem() : nothing} ${this.#problem()}
            <button class="btn wide" ?disabled=${this.busy}>${s.rotate}</button>
          </form>
        </ct-dialog>`;
      case 'made':
        return html`<ct-secret
          .l=${this.l}
          .heading=${s.keyMade(open.key.name)}
          .secret=${open.key.secret ?? ''}
          @close=${close}
        ></ct-secret>`;
      case 'revoke':
        return html`<ct-confirm
          .l=${this.l}
          .heading=${s.revokeKey(open.key.name)}
          .text=${s.revokeText}
          .action=${s.revoke}
          .run=${() => this.#revoke(open.key)}
          @close=${close}
        ></ct-confirm>`;
      default:
        return nothing;
    }
  }

  #pem() {
    return html`<div class="field">
      <label for="pem">${this.l.s.pem}</label>
      <textarea
        id="pem"
        name="publicKey"
        required
        spellcheck="false"
        placeholder="-----BEGIN PUBLIC KEY-----"
      ></textarea>
      <p class="hint">${this.l.s.pemHint}</p>
    </div>`;
  }

  #problem() {
    return this.failure ? html`<p class="failure field" role="alert">${explain(this.failure, this.l)}</p>` : nothing;
  }

  #show(open: Open): void {
    this.open = open;
    this.failure = null;
  }

  readonly #create = (event: SubmitEvent): Promise<void> => {
    const form = this.#read(event);
    const { kind } = this;
    return this.#make('/keys', {
      kind,
      name: form.name ?? '',
      ...(kind === 'public' ? { publicKey: form.publicKey ?? '' } : {}),
    });
  };

  #rotate(event: SubmitEvent, key: AppKey): Promise<void> {
    const { overlap, publicKey } = this.#read(event);
    const body = { overlapHours: Number(overlap), ...(key.kind === 'public' ? { publicKey: publicKey ?? '' } : {}) };
    return this.#make(`/keys/${encodeURIComponent(key.id)}/rotate`, body);
  }

  #read(event: SubmitEvent): Partial<Record<'name' | 'publicKey' | 'overlap', string>> {
    event.preventDefault();
    const form = new FormData(event.target as HTMLFormElement);
    return Object.fromEntries([...form.keys()].map((name) => [name, textOf(form, name)]));
  }

  async #make(path: string, body: unknown): Promise<void> {
    this.busy = true;
    this.failure = null;
    try {
      const key = await this.api.post<CreatedKey>(`${this.path}${path}`, body);
      this.open = key.secret === null ? null : { what: 'made', key };
      void this.#keys.reload();
    } catch (error) {
      this.failure = error;
    }
    this.busy = false;
  }

  async #revoke(key: AppKey): Promise<void> {
    await this.api.remove(`${this.path}/keys/${encodeURIComponent(key.id)}`);
    this.say('toast', { text: this.l.s.revoked });
    await this.#keys.reload();
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'ct-keys-view': KeysView;
  }
}

customElements.define('ct-keys-view', KeysView);
