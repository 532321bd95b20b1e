import { html } from 'lit';
import { link } from '../route.ts';
import { View } from '../view.ts';
import { pageStyles } from './page.styles.ts';
import './audit-list.ts';
import './figures.ts';

/** What happens right now, and what was done last. */
export class HomeView extends View {
  static override styles = [...View.styles, pageStyles];

  protected override render() {
    const { s } = this.l;
    return html`
      <header class="head"><h1>${s.home}</h1></header>
      <div class="stack">
        <ct-figures .api=${this.api} .l=${this.l} .path=${'/figures'}></ct-figures>
        <section class="card" aria-labelledby="latest">
          <header>
            <div><h2 id="latest">${s.latest}</h2></div>
            <a href=${link('audit')}>${s.showAll}</a>
          </header>
          <ct-audit-list .api=${this.api} .l=${this.l} .path=${'/audit?limit=8'} .short=${true}></ct-audit-list>
        </section>
      </div>
    `;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'ct-home-view': HomeView;
  }
}

customElements.define('ct-home-view', HomeView);
