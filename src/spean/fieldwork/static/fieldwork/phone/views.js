/** What the phone's pages look like. */

import { html, nothing, render, repeat } from '../../vendor/odk-xforms/odk-xforms.js';
import { card } from './card/view.js';
import { day, momentOf } from './dates.js';
import { digits, latinDigits } from './form/words.js';
import { UNSENT } from './records.js';

const COLOURS = {
  draft: 'grey', waiting: 'blue', sending: 'blue', unsure: 'yellow', received: 'teal',
  applied: 'green', attention: 'orange', refused: 'red', dismissed: 'grey',
};
const SHORTEST_PIN = 6;

/** Says what is wrong with a PIN typed twice, "" where nothing is. */
export function pinError(pin, again, words) {
  if (!new RegExp(`^\\d{${SHORTEST_PIN},}$`).test(pin)) return words.pinShort;
  return pin === again ? '' : words.pinDiffers;
}

/** Draws the page that the app is at. */
export function page(app) {
  const open = Boolean(app.sync);
  return html`${header(app, open)}
    <main class="govuk-main-wrapper govuk-width-container" id="main-content">
      ${app.error ? html`<div class="govuk-error-summary" role="alert"><p class="govuk-body">${app.error}</p></div>` : nothing}
      ${open ? notices(app) : nothing} ${(PAGES[app.view] ?? PAGES.begin)(app)}
      ${open || app.view === 'begin' ? nothing : betweenLocked(app)}
    </main>`;
}

/** Links the two things that can be done while the vault is closed: open it, or check a card. */
const betweenLocked = (app) => {
  const [word, hash] = app.view === 'card' ? ['back', '#/home'] : ['card', '#/card'];
  return html`<p class="govuk-body spean-phone-between"><a class="govuk-link" data-go=${word} href=${hash} @click=${() => app.go(hash)}>${app.words[word]}</a></p>`;
};

/** Makes room for a form under the header, and gives the container. */
export function formPage(app) {
  render(html`${header(app, true)}<p id="spean-alert" class="govuk-error-message govuk-width-container" role="alert"></p>
    <main class="govuk-main-wrapper govuk-width-container" id="spean-form"></main>`, app.box);
  return document.getElementById('spean-form');
}

const header = (app, open) => html`<header class="spean-header"><div class="govuk-width-container spean-header__row">
    <a class="spean-header__mark" href="#/home">${app.words.title}</a>
    <div class="spean-header__tools">
      <button type="button" class="spean-header__button" data-go="language" @click=${() => app.switchLanguage()}>${app.words.language}</button>
      ${open ? html`<button type="button" class="spean-header__button" data-go="lock" @click=${() => app.lock()}>${app.words.lock}</button>` : nothing}
    </div></div></header>
  ${open && app.view !== 'form' ? html`<nav class="spean-phone-nav govuk-width-container" aria-label="Spean">
    ${['home', 'card', 'records', 'settings'].map((view) => html`<a href="#/${view}" aria-current=${app.view === view ? 'page' : nothing}>${app.words[view]}${view === 'records' ? count(app) : nothing}</a>`)}
  </nav>` : nothing}`;

const count = (app) => {
  const unsent = app.rows.filter((one) => UNSENT.includes(one.state)).length;
  return unsent ? html` <span class="spean-phone-count">${digits(unsent, app.language)}</span>` : nothing;
};

const notices = (app) => html`${app.sync.state.signedOut ? html`<div class="govuk-inset-text"><p class="govuk-body">${app.words.signInAgain}</p>${signInLink(app)}</div>` : nothing}
  ${app.sync.state.other ? html`<div class="govuk-inset-text"><p class="govuk-body">${app.words.otherUser} <strong>${app.vault.username}</strong></p>${signInLink(app)}</div>` : nothing}`;

const signInLink = (app) => html`<a class="govuk-button" role="button" data-go="signIn" href="/accounts/login/?next=/field/">${app.words.signIn}</a>`;

const said = (word) => (app) => html`<h1 class="govuk-heading-l">${app.words.title}</h1><p class="govuk-body-l">${app.words[word]}</p>`;

/** Reads a form's boxes and calls the app with them; digits in either script. */
const sends = (call) => (event) => {
  event.preventDefault();
  const given = Object.fromEntries(new FormData(event.target));
  for (const name of ['pin', 'again', 'old']) if (name in given) given[name] = latinDigits(given[name]);
  event.target.reset();
  call(given);
};

const secret = (app, name, label, auto = 'off') => html`<div class="govuk-form-group">
  <label class="govuk-label" for=${name}>${label}</label>
  <input class="govuk-input govuk-input--width-10" id=${name} name=${name} type="password" inputmode="numeric" autocomplete=${auto} required /></div>`;

const unlock = (app) => html`<h1 class="govuk-heading-l">${app.words.unlock}</h1>
  <form @submit=${sends((given) => app.unlock(given))} novalidate>
    ${app.owners.length > 1
      ? html`<fieldset class="govuk-fieldset"><legend class="govuk-fieldset__legend">${app.words.whose}</legend><div class="govuk-radios">
          ${app.owners.map((one, n) => html`<div class="govuk-radios__item"><input class="govuk-radios__input" type="radio" name="username" id="owner-${n}" value=${one} ?checked=${n === 0} />
            <label class="govuk-label govuk-radios__label" for="owner-${n}">${one}</label></div>`)}</div></fieldset>`
      : html`<p class="govuk-body">${app.words.user}: <strong>${app.owners[0]}</strong></p><input type="hidden" name="username" value=${app.owners[0]} />`}
    ${secret(app, 'pin', app.words.pin)}
    <button class="govuk-button" data-go="unlock">${app.words.unlock}</button>
  </form>
  <p><button type="button" class="spean-form-link" data-go="other" @click=${() => app.meet()}>${app.words.someoneElse}</button></p>`;

const choosePin = (app) => html`<h1 class="govuk-heading-l">${app.words.choosePin}</h1>
  <p class="govuk-body">${app.words.user}: <strong>${app.newUser}</strong></p>
  <div class="govuk-warning-text"><span class="govuk-warning-text__icon" aria-hidden="true">!</span><strong class="govuk-warning-text__text">${app.words.pinWhy}</strong></div>
  <form @submit=${sends((given) => app.choosePin(given))} novalidate>
    ${secret(app, 'pin', app.words.pin)} ${secret(app, 'again', app.words.pinAgain)}
    <button class="govuk-button" data-go="choosePin">${app.words.save}</button></form>`;

const contactLine = (app) => {
  const { busy, contact } = app.sync.state;
  const at = contact ? momentOf(new Date(contact), app) : app.words.never;
  const state = busy ? app.words.busy : navigator.onLine ? app.words.online : app.words.offline;
  return html`<p class="spean-phone-contact" role="status"><strong>${state}</strong><br />${app.words.contact}: ${at}
    <button type="button" class="spean-form-link" data-go="contact" ?disabled=${busy} @click=${() => app.contact()}>${app.words.refresh}</button></p>`;
};

const home = (app) => {
  const byVillage = grouped(app.sync.work);
  return html`${contactLine(app)}<h1 class="govuk-heading-l">${app.words.toDo}</h1>
    ${byVillage.size ? nothing : html`<p class="govuk-body">${app.words.nothingToDo}</p>`}
    ${[...byVillage.values()].map((items) => html`<h2 class="govuk-heading-m">${items[0].village[app.language]}</h2>
      <ul class="govuk-list spean-phone-list">${repeat(byDue(items), (one) => one.id, (one) => workRow(app, one))}</ul>`)}
    <h2 class="govuk-heading-m">${app.words.newForm}</h2>
    ${app.sync.forms.map((form) => html`<a class="govuk-button govuk-button--secondary spean-phone-new" role="button" data-form=${form.form_id} href="#/new/${form.form_id}">${form.title[app.language]}</a>`)}`;
};

const grouped = (items) => {
  const found = new Map();
  for (const one of items) {
    if (!found.has(one.village.code)) found.set(one.village.code, []);
    found.get(one.village.code).push(one);
  }
  return found;
};

const byDue = (items) => [...items].sort((a, b) => (a.due_on ?? '9').localeCompare(b.due_on ?? '9'));

function workRow(app, item) {
  const record = app.rows.find((one) => one.workId === item.id && one.state !== 'dismissed' && one.state !== 'refused');
  const late = item.due_on && item.due_on < new Date().toISOString().slice(0, 10);
  const state = record ? (record.state === 'draft' ? app.words.begun : app.words.sentWaits) : '';
  return html`<li><a class="spean-phone-row" data-work=${item.id} href=${record && record.state !== 'draft' ? '#/records' : `#/work/${item.id}`}>
    <strong>${item.title}</strong> ${late && !state ? html`<span class="govuk-tag govuk-tag--red">${app.words.overdue}</span>` : nothing}
    ${state ? html`<span class="govuk-tag govuk-tag--blue">${state}</span>` : nothing}
    <span class="govuk-hint">${item.detail[app.language]}${item.due_on ? html` · ${app.words.due} ${day(item.due_on, app)}` : nothing}</span></a></li>`;
}

const records = (app) => html`${contactLine(app)}<h1 class="govuk-heading-l">${app.words.records}</h1>
  ${app.rows.length ? nothing : html`<p class="govuk-body">${app.words.noRecords}</p>`}
  <ul class="govuk-list spean-phone-list">${repeat(app.rows, (one) => one.id, (one) => recordRow(app, one))}</ul>`;

function recordRow(app, one) {
  const form = app.sync.forms.find((held) => held.form_id === one.formId);
  const why = (one.reason ?? one.outcome)?.[app.language];
  return html`<li class="spean-phone-record" data-state=${one.state}>
    <strong>${one.title || form?.title[app.language] || one.formId}</strong>
    <span class="govuk-tag govuk-tag--${COLOURS[one.state]}">${app.words[one.state]}</span>
    <span class="govuk-hint">${form?.title[app.language] ?? one.formId} · ${momentOf(new Date(one.changedAt), app)}${one.files.length ? html` · ${digits(one.files.length, app.language)} ${app.words.photos}` : nothing}</span>
    ${why ? html`<p class="govuk-body spean-phone-why">${why}</p>` : nothing}
    ${one.state === 'draft' ? draftButtons(app, one) : nothing}
    ${one.state === 'refused' ? html`<button type="button" class="govuk-button govuk-button--secondary" data-go="copy" @click=${() => app.copy(one)}>${app.words.copy}</button>` : nothing}
  </li>`;
}

const draftButtons = (app, one) => app.discarding === one.id
  ? html`<p class="govuk-body">${app.words.discardSure}</p>
      <button type="button" class="spean-form-link" @click=${() => app.discard(one)}>${app.words.yesDiscard}</button>
      <button type="button" class="spean-form-link" @click=${() => { app.discarding = null; app.draw(); }}>${app.words.keep}</button>`
  : html`<a class="govuk-button" role="button" data-go="resume" href="#/record/${encodeURIComponent(one.id)}">${app.words.goOn}</a>
      <button type="button" class="spean-form-link" @click=${() => { app.discarding = one.id; app.draw(); }}>${app.words.discard}</button>`;

const settings = (app) => {
  if (app.room === undefined) {
    app.room = null;
    navigator.storage?.estimate?.().then(({ usage }) => {
      app.room = usage;
      app.draw();
    });
  }
  return html`<h1 class="govuk-heading-l">${app.words.settings}</h1>
    <dl class="govuk-summary-list">
      <div class="govuk-summary-list__row"><dt class="govuk-summary-list__key">${app.words.user}</dt><dd class="govuk-summary-list__value">${app.vault.username}</dd></div>
      ${app.room ? html`<div class="govuk-summary-list__row"><dt class="govuk-summary-list__key">${app.words.storage}</dt><dd class="govuk-summary-list__value">${digits((app.room / 1e6).toFixed(1), app.language)}</dd></div>` : nothing}
    </dl>
    <button type="button" class="govuk-button govuk-button--secondary" @click=${() => app.tidy()}>${app.words.tidy}</button>
    <h2 class="govuk-heading-m">${app.words.changePin}</h2>
    <form @submit=${sends((given) => app.changePin(given))} novalidate>
      ${secret(app, 'old', app.words.oldPin)} ${secret(app, 'pin', app.words.pin)} ${secret(app, 'again', app.words.pinAgain)}
      <button class="govuk-button">${app.words.changePin}</button></form>`;
};

const signIn = (app) => html`<h1 class="govuk-heading-l">${app.words.title}</h1><p class="govuk-body-l">${app.words.signInWhy}</p>${signInLink(app)}`;

const PAGES = {
  begin: () => nothing, card, unlock, choosePin, home, records, settings, signIn,
  noForms: said('noForms'), offlineFirst: said('offlineFirst'),
};
