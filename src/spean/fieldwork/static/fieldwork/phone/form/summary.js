/** The last screen: all the answers, and what still stands in their way. */

import { html, nothing } from '../../../vendor/odk-xforms/odk-xforms.js';
import { answerOf, controlsOf, instancesOf, labelOf, wrongUnder } from './screens.js';
import { digits } from './words.js';

/** Draws every answer; a tap leads back to its screen. */
export function answers(page, screens) {
  const wrong = wrongUnder(page.root);
  const rows = screens.flatMap((screen, at) => rowsOf(page, screen, at));
  return html`<h1 class="govuk-heading-m" tabindex="-1">${page.words.check}</h1><p class="govuk-hint">${page.words.checkHint}</p>
    ${wrong.length ? html`<div class="govuk-error-summary" role="alert"><h2 class="govuk-error-summary__title">${page.words.problems}</h2>
      <ul class="govuk-list govuk-error-summary__list">${wrong.map((one) => html`<li><a href="#" @click=${(event) => page.find(event, one, screens)}>${labelOf(one)}</a></li>`)}</ul></div>` : nothing}
    <dl class="govuk-summary-list">${rows}</dl>
    ${page.buttons(() => page.finish(screens), page.words.finish)}`;
}

function rowsOf(page, screen, at) {
  const row = (label, answer, inside = null) => html`<div class="govuk-summary-list__row" role="button" tabindex="0"
    @click=${() => page.go(at, inside)} @keydown=${(event) => event.key === 'Enter' && page.go(at, inside)}>
    <dt class="govuk-summary-list__key">${label}</dt><dd class="govuk-summary-list__value">${answer || page.words.none}</dd></div>`;
  if (screen.kind === 'repeat') {
    return instancesOf(screen.node).map((one, n) =>
      row(`${labelOf(screen.node)} ${digits(n + 1, page.language)}`, controlsOf(one).map(answerOf).filter(Boolean).slice(0, 4).join(' · '), one));
  }
  return screen.controls.filter((one) => one.nodeType !== 'note').map((one) => row(labelOf(one), answerOf(one)));
}
