/** The screen of a repeat: the members of a household, or whatever is listed. */

import { html, nothing, repeat } from '../../../vendor/odk-xforms/odk-xforms.js';
import { answerOf, controlsOf, instancesOf, labelOf, wrongUnder } from './screens.js';
import { digits } from './words.js';

/** Draws those who were listed so far, and a way to add, change or remove one. */
export function members(page, screen, total) {
  const range = screen.node;
  const held = instancesOf(range);
  const wrong = held.filter((one) => wrongUnder(one).length);
  const add = () => {
    range.addInstances();
    page.go(page.at, instancesOf(range).at(-1));
  };
  const forward = () => {
    if (!wrong.length) page.go(page.at + 1);
    else {
      page.go(page.at, wrong[0]);
      page.isRight(controlsOf(wrong[0]));
    }
  };
  return html`${page.top(total)}<h1 class="govuk-heading-m" tabindex="-1">${labelOf(range)}</h1>
    ${held.length ? nothing : html`<p class="govuk-body">${page.words.nobody}</p>`}
    <ol class="spean-form-members">${repeat(held, (one) => one.nodeId, (one, n) => row(page, range, one, n))}</ol>
    <button type="button" class="govuk-button govuk-button--secondary" data-go="add" @click=${add}>${page.words.add}</button>
    ${page.buttons(forward)}`;
}

function row(page, range, one, n) {
  const said = controlsOf(one).map(answerOf).filter(Boolean).slice(0, 4).join(' · ');
  const bad = wrongUnder(one).length > 0;
  const remove = () => {
    page.removing = null;
    page.change(() => range.removeInstances(n));
  };
  return html`<li class="spean-form-member">
    <span>${digits(n + 1, page.language)}. ${said || page.words.none}${bad && said ? html` <strong class="govuk-tag govuk-tag--yellow">!</strong>` : nothing}</span>
    ${page.removing === one
      ? html`<span>${page.words.removeSure} <button type="button" class="spean-form-link" @click=${remove}>${page.words.yesRemove}</button>
          <button type="button" class="spean-form-link" @click=${() => page.ask(null)}>${page.words.keep}</button></span>`
      : html`<span><button type="button" class="spean-form-link" data-go="edit" @click=${() => page.go(page.at, one)}>${page.words.edit}</button>
          <button type="button" class="spean-form-link" @click=${() => page.ask(one)}>${page.words.remove}</button></span>`}
  </li>`;
}
