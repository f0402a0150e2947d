/** One question on the screen: its words, its boxes, what is wrong with the answer. */

import { html, live, nothing, repeat } from '../../../vendor/odk-xforms/odk-xforms.js';
import { smallPhoto } from './photo.js';
import { labelOf, violationOf } from './screens.js';
import { digits, latinDigits } from './words.js';

const LISTED_WHOLE = 12;
const DROPPED_WHOLE = 40;
const HITS = 30;
const GEO = { enableHighAccuracy: true, timeout: 60_000, maximumAge: 10_000 };

/** Draws a question. `page` has words, language, shown (errors), typed, changed() and redraw(). */
export function control(node, page) {
  const id = `q-${node.nodeId.replace(/\W/g, '-')}`;
  const error = page.shown ? errorOf(node, page) : '';
  const body = BODIES[kindOf(node)](node, id, page);
  if (node.nodeType === 'note') return body;
  return html`<div class="govuk-form-group ${error ? 'govuk-form-group--error' : ''}" id="${id}-group">
    ${error ? html`<p class="govuk-error-message" id="${id}-error">${error}</p>` : nothing} ${body}
  </div>`;
}

/** Says what is wrong with an answer, "" where nothing is. */
export function errorOf(node, page) {
  const typed = page.typed.get(node.nodeId);
  if (typed?.error) return page.words[typed.error];
  const violation = violationOf(node);
  return violation ? violation.message?.asString || page.words[violation.condition] : '';
}

/** Gives the id of the box to which an error leads. */
export const boxOf = (node) => `q-${node.nodeId.replace(/\W/g, '-')}`;

function kindOf(node) {
  if (node.nodeType !== 'input') return node.nodeType;
  return { int: 'number', decimal: 'number', date: 'date', geopoint: 'geopoint' }[node.valueType] ?? 'text';
}

const title = (node, page) => {
  const optional = node.currentState.required || node.nodeType === 'trigger' ? '' : ` (${page.words.optional})`;
  return html`<span class="spean-form-label">${labelOf(node)}</span>${
    page.alone ? nothing : html`<span class="spean-form-optional">${optional}</span>`
  }`;
};

const hint = (node, id) => {
  const text = node.currentState.hint?.asString;
  return text ? html`<div class="govuk-hint" id="${id}-hint">${text}</div>` : nothing;
};

function text(node, id, page) {
  const given = {
    value: node.currentState.instanceValue,
    keyboard: node.appearances?.numbers ? 'tel' : 'text',
  };
  const put = (event) => page.change(() => node.setValue(event.target.value || null));
  const box = node.appearances?.multiline
    ? html`<textarea class="govuk-textarea" rows="3" id=${id} .value=${live(given.value)} @input=${put}></textarea>`
    : html`<input class="govuk-input" id=${id} inputmode=${given.keyboard} autocomplete="off"
        .value=${live(given.value)} @input=${put} />`;
  return html`<label class="govuk-label govuk-label--m" for=${id}>${title(node, page)}</label>${hint(node, id)}${box}`;
}

function number(node, id, page) {
  const typed = page.typed.get(node.nodeId);
  const put = (event) => {
    const given = latinDigits(event.target.value).trim();
    const isNumber = node.valueType === 'int' ? /^-?\d{1,15}$/.test(given) : /^-?\d+(\.\d+)?$/.test(given);
    page.change(() => {
      page.typed.set(node.nodeId, { text: event.target.value, error: given && !isNumber ? 'notNumber' : '' });
      if (!given || !isNumber) node.setValue(null);
      else node.setValue(node.valueType === 'int' ? BigInt(given) : Number(given));
    });
  };
  const value = typed?.text ?? node.currentState.instanceValue;
  return html`<label class="govuk-label govuk-label--m" for=${id}>${title(node, page)}</label>${hint(node, id)}
    <input class="govuk-input govuk-input--width-5" id=${id} inputmode="numeric" autocomplete="off"
      .value=${live(value)} @input=${put} />`;
}

function date(node, id, page) {
  const now = () => page.typed.get(node.nodeId)?.parts ?? partsOf(node.currentState.instanceValue);
  const held = now();
  const put = (part) => (event) => {
    const parts = { ...now(), [part]: event.target.value };
    const iso = isoOf(parts);
    const empty = !parts.day && !parts.month && !parts.year;
    page.change(() => {
      page.typed.set(node.nodeId, { parts, error: iso || empty ? '' : 'notDate' });
      node.setValue(iso || null);
    });
  };
  const box = (part, width) => html`<div class="govuk-date-input__item"><div class="govuk-form-group">
    <label class="govuk-label govuk-date-input__label" for="${id}${part === 'day' ? '' : `-${part}`}">${page.words[part]}</label>
    <input class="govuk-input govuk-date-input__input govuk-input--width-${width}" inputmode="numeric" autocomplete="off"
      id="${id}${part === 'day' ? '' : `-${part}`}" .value=${live(held[part])} @input=${put(part)} />
  </div></div>`;
  return html`<fieldset class="govuk-fieldset" role="group">
    <legend class="govuk-fieldset__legend govuk-fieldset__legend--m">${title(node, page)}</legend>${hint(node, id)}
    <div class="govuk-date-input">${box('day', 2)}${box('month', 2)}${box('year', 4)}</div></fieldset>`;
}

const partsOf = (iso) => {
  const [year = '', month = '', day = ''] = (iso ?? '').split('-');
  return { day: day && String(Number(day)), month: month && String(Number(month)), year };
};

/** Gives an ISO date if the three boxes are one, else "". */
function isoOf({ day, month, year }) {
  const [d, m, y] = [day, month, year].map((part) => Number(latinDigits(part ?? '').trim() || 'x'));
  if (![d, m, y].every(Number.isInteger) || y < 1000) return '';
  const at = new Date(Date.UTC(y, m - 1, d));
  const isReal = at.getUTCFullYear() === y && at.getUTCMonth() === m - 1 && at.getUTCDate() === d;
  return isReal ? at.toISOString().slice(0, 10) : '';
}

function select(node, id, page) {
  const several = node.selectType === 'select';
  const options = node.currentState.valueOptions;
  const chosen = new Set(node.currentState.value);
  const put = (value) => (event) =>
    page.change(() => {
      if (!several) return node.selectValue(value);
      const now = new Set(node.currentState.value);
      if (event.target.checked) now.add(value);
      else now.delete(value);
      return node.selectValues([...now]);
    });
  const shape = several ? 'checkboxes' : 'radios';
  const item = (option, n) => html`<div class="govuk-${shape}__item">
    <input class="govuk-${shape}__input" type=${several ? 'checkbox' : 'radio'} id="${n ? `${id}-${n}` : id}" name=${id}
      .checked=${live(chosen.has(option.value))} @change=${put(option.value)} />
    <label class="govuk-label govuk-${shape}__label" for="${n ? `${id}-${n}` : id}">${option.label.asString}</label></div>`;
  if (!several && node.appearances?.minimal && options.length > 4 && options.length <= DROPPED_WHOLE) {
    return dropdown(node, id, page, options);
  }
  const { listed, above, below } = narrowed(options, chosen, node, id, page);
  return html`<fieldset class="govuk-fieldset">
    <legend class="govuk-fieldset__legend govuk-fieldset__legend--m">${title(node, page)}</legend>${hint(node, id)}${above}
    <div class="govuk-${shape}">${repeat(listed, (option) => option.value, item)}</div>${below}</fieldset>`;
}

const dropdown = (node, id, page, options) => html`<label class="govuk-label govuk-label--m" for=${id}>${title(node, page)}</label>${hint(node, id)}
  <select class="govuk-select spean-form-select" id=${id} @change=${(event) => page.change(() => node.selectValue(event.target.value || null))}>
    <option value="" .selected=${live(!node.currentState.value.length)}>${page.words.choose}</option>
    ${repeat(options, (option) => option.value, (option) => html`<option value=${option.value} .selected=${live(node.currentState.value.includes(option.value))}>${option.label.asString}</option>`)}
  </select>`;

/** Gives what is listed of many options: those that match what was typed, the chosen ones always. */
function narrowed(options, chosen, node, id, page) {
  if (!options.length) {
    const said = node.currentState.required ? page.words.noneFits : page.words.noneToLeave;
    return { listed: [], above: nothing, below: html`<p class="govuk-inset-text">${said}</p>` };
  }
  if (options.length <= LISTED_WHOLE) return { listed: options, above: nothing, below: nothing };
  const sought = page.sought.get(node.nodeId) ?? '';
  const wanted = sought.toLowerCase().replace(/[\s\u200b]/g, '');
  const matches = options.filter(
    (o) => chosen.has(o.value) || o.label.asString.toLowerCase().replace(/[\s\u200b]/g, '').includes(wanted),
  );
  const seek = (event) => {
    page.sought.set(node.nodeId, event.target.value);
    page.redraw();
  };
  const above = html`<label class="govuk-label" for="${id}-seek">${page.words.search}</label>
    <input class="govuk-input spean-form-seek" type="search" id="${id}-seek" autocomplete="off" .value=${live(sought)} @input=${seek} />`;
  const below = matches.length > HITS
    ? html`<p class="govuk-hint">${page.words.more}</p>`
    : matches.length ? nothing : html`<p class="govuk-hint">${page.words.noHit}</p>`;
  return { listed: matches.slice(0, HITS), above, below };
}

const note = (node) => html`<div class="govuk-inset-text spean-form-note">
  <p class="govuk-body">${labelOf(node)}</p>
  ${node.currentState.hint ? html`<p class="govuk-hint">${node.currentState.hint.asString}</p>` : nothing}</div>`;

const trigger = (node, id, page) => html`<p class="govuk-body-l">${labelOf(node)}</p>${hint(node, id)}
  <div class="govuk-checkboxes"><div class="govuk-checkboxes__item">
    <input class="govuk-checkboxes__input" type="checkbox" id=${id} .checked=${live(Boolean(node.currentState.value))}
      @change=${(event) => page.change(() => node.setValue(event.target.checked))} />
    <label class="govuk-label govuk-checkboxes__label" for=${id}>${page.words.confirm}</label></div></div>`;

function geopoint(node, id, page) {
  const state = page.taking.get(node.nodeId);
  const [latitude, longitude, , accuracy] = (node.currentState.instanceValue || '').split(' ');
  const take = () => {
    const say = (word) => {
      page.taking.set(node.nodeId, word);
      page.redraw();
    };
    say('taking');
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        page.taking.delete(node.nodeId);
        const { latitude: lat, longitude: lon, altitude, accuracy: within } = coords;
        page.change(() => node.setValue({ latitude: lat, longitude: lon, altitude: altitude ?? 0, accuracy: within }));
      },
      () => say('noPosition'),
      GEO,
    );
  };
  return html`<p class="govuk-label govuk-label--m">${title(node, page)}</p>${hint(node, id)}
    ${latitude ? html`<p class="govuk-body">${page.words.position}: ${digits(Number(latitude).toFixed(5), page.language)}, ${digits(Number(longitude).toFixed(5), page.language)}<br />${page.words.accuracy}: ${digits(Math.round(Number(accuracy)), page.language)}</p>` : nothing}
    ${state ? html`<p class="govuk-hint" role="status">${page.words[state]}</p>` : nothing}
    <button type="button" class="govuk-button govuk-button--secondary" id=${id} @click=${take}>${page.words.takePosition}</button>`;
}

function upload(node, id, page) {
  const file = node.currentState.value;
  const put = async (event) => {
    const [taken] = event.target.files;
    if (!taken) return;
    try {
      const small = await smallPhoto(taken, `${Date.now()}.jpg`, node.maxPixels ?? undefined);
      page.change(() => node.setValue(small));
      page.typed.delete(node.nodeId);
    } catch {
      page.typed.set(node.nodeId, { error: 'badPhoto' });
      page.shown = true;
      page.redraw();
    }
  };
  return html`<p class="govuk-label govuk-label--m">${title(node, page)}</p>${hint(node, id)}
    ${file ? html`<img class="spean-form-photo" alt="" src=${page.pictureOf(file)} />
      <button type="button" class="govuk-button govuk-button--warning" @click=${() => page.change(() => node.setValue(null))}>${page.words.remove}</button>` : nothing}
    <input class="govuk-file-upload" type="file" id=${id} accept="image/*" capture="environment" aria-label=${page.words.takePhoto} @change=${put} />`;
}

const BODIES = { text, number, date, select, note, trigger, geopoint, upload };
