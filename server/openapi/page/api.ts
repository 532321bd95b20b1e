import type { Description } from './description.ts';
import { showDescription } from './page.ts';

const root = document.getElementById('api');
if (root) {
  try {
    // Beside this page, wherever it is.
    const answer = await fetch('../openapi.json');
    showDescription(root, (await answer.json()) as Description);
  } catch {
    root.textContent = 'unable to show the API; its description could not be loaded; load the page again';
  }
}
