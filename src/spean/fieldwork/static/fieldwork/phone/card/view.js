/** What the check of a card looks like. */

import { html, nothing } from '../../../vendor/odk-xforms/odk-xforms.js';
import { day, dayOf } from '../dates.js';
import { digits } from '../form/words.js';
import { WORTHLESS } from './check.js';
import { WORDS } from './words.js';

const COLOURS = { covered: 'green', expired: 'yellow', not_yet: 'yellow', forged: 'red', not_covered: 'red' };

const colour = (outcome) => COLOURS[outcome] ?? 'grey';

/** Draws the screen "Is the patient covered?". */
export function card(app) {
  const { card: check } = app;
  const words = WORDS[app.language];
  return html`<h1 class="govuk-heading-l">${words.title}</h1>
    ${check.found ? answer(app, check, words) : asks(check, words)}`;
}

const asks = (check, words) => html`<p class="govuk-body">${words.how}</p>
  ${check.cameraFails || check.noCode
    ? html`<div class="govuk-error-summary" role="alert"><p class="govuk-body">${check.noCode ? words.noCode : words.noCamera}</p></div>`
    : nothing}
  ${check.scanning
    ? html`<video id="spean-camera" class="spean-card-camera" muted playsinline></video>
        <button type="button" class="govuk-button govuk-button--secondary" @click=${() => check.again()}>${words.stop}</button>`
    : html`<button type="button" class="govuk-button spean-card-wide" data-go="scan" @click=${() => check.scan()}>${words.scan}</button>
        <label class="govuk-button govuk-button--secondary spean-card-wide" for="photo">${words.photo}</label>
        <input class="govuk-visually-hidden" id="photo" type="file" accept="image/*" @change=${({ target }) => target.files[0] && check.photo(target.files[0])} />`}
  <form @submit=${typed(check)} novalidate><div class="govuk-form-group">
    <label class="govuk-label" for="code">${words.code}</label>
    <textarea class="govuk-textarea spean-card-code" id="code" name="code" rows="3" autocomplete="off" autocapitalize="characters" spellcheck="false" required></textarea></div>
    <button class="govuk-button govuk-button--secondary" data-go="check">${words.check}</button></form>`;

const typed = (check) => (event) => {
  event.preventDefault();
  const { code } = Object.fromEntries(new FormData(event.target));
  if (code.trim()) check.check(code);
};

const answer = (app, check, words) => {
  const { found, busy } = check;
  const told = found.told?.patients ? found.told : null;
  return html`<section class="spean-card-answer" data-outcome=${found.outcome} data-told=${told ? overall(told) : nothing} aria-live="polite">
    ${told ? online(told, app, words) : nothing}
    ${told ? html`<h2 class="govuk-heading-m">${words.byCard}</h2>` : nothing}
    ${told && found.card ? nothing : verdict(found.outcome, words.outcomes[found.outcome])}
    ${found.card ? facts(found, app, words) : nothing}
    ${found.card ? html`<h3 class="govuk-heading-s">${words.checked}</h3>
      <ul class="govuk-list govuk-list--bullet"><li>${words.signature} ${dayOf(found.keysOf, app)}</li><li>${words.days}</li></ul>` : nothing}
    ${told || WORTHLESS.includes(found.outcome) ? nothing : unknowns(found, busy, words)}
  </section>
  <button type="button" class="govuk-button" data-go="again" @click=${() => check.again()}>${words.again}</button>`;
};

const verdict = (outcome, [title, advice]) => html`<p class="govuk-body"><strong class="govuk-tag govuk-tag--${colour(outcome)} spean-card-verdict">${title}</strong></p>
  <p class="govuk-body">${advice}</p>`;

const row = (key, value) => html`<div class="govuk-summary-list__row"><dt class="govuk-summary-list__key">${key}</dt><dd class="govuk-summary-list__value">${value}</dd></div>`;

function facts({ card: said, place }, app, words) {
  const [village, ...around] = place.map((names) => names[app.language === 'km' ? 0 : 1]);
  const inNumbers = (text) => digits(text, app.language);
  return html`<dl class="govuk-summary-list">
    ${row(words.level, words.levels[said.level])} ${row(words.from, day(said.from, app))} ${row(words.until, day(said.lastDay, app))}
    ${row(words.size, inNumbers(said.size))}
    ${row(words.village, html`${village ?? words.noName}<br /><span class="govuk-hint">${around.join(words.comma)} ${inNumbers(said.village)}</span>`)}
    ${row(words.number, inNumbers(said.number.replace(/(.{4})/gu, '$1 ').trim()))}</dl>`;
}

const unknowns = (found, busy, words) => html`<h3 class="govuk-heading-s">${words.unknown}</h3>
  ${found.card ? html`<ul class="govuk-list govuk-list--bullet"><li>${words.revoked}</li><li>${words.members}</li></ul>` : nothing}
  <p class="govuk-body" role="status" data-silent=${found.told?.silent ?? nothing}>${busy ? words.asking : words.silent[found.told?.silent]}
    ${found.told?.silent === 'notSignedIn' ? html`<a class="govuk-link" href="/accounts/login/?next=/field/%23/card">${words.signIn}</a>` : nothing}</p>`;

/** Tells what the server says of the family as a whole. */
function overall({ card: held, patients }) {
  if (!patients.length) return held?.outcome ?? 'unknown';
  return patients.find((one) => one.finding === 'covered')?.finding ?? patients[0].finding;
}

const online = (told, app, words) => html`<h2 class="govuk-heading-m">${words.byServer}</h2>
  ${verdict(overall(told), words.told[overall(told)] ?? words.told.unknown)}
  ${told.patients.length && told.card && told.card.outcome !== 'covered'
    ? html`<div class="govuk-inset-text">${(words.told[told.card.outcome] ?? words.told.unknown).join(': ')}</div>`
    : nothing}
  <ul class="govuk-list">${told.patients.map((one) => html`<li class="spean-phone-row"><strong>${(app.language === 'km' && one.name_km) || one.name_en || one.name_km}</strong>
    <span class="govuk-tag govuk-tag--${colour(one.finding)}">${words.told[one.finding][0]}</span>
    <span class="govuk-hint">${day(one.birth_date, app)}</span></li>`)}</ul>`;
