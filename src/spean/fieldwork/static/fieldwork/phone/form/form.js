/** A form on a phone: ODK's engine asks, we show one screen at a time and keep every answer. */

import { html, loadForm, nothing, render, repeat } from '../../../vendor/odk-xforms/odk-xforms.js';
import { boxOf, control, errorOf } from './controls.js';
import { controlsOf, everyNode, instancesOf, labelOf, screensOf, violationOf, wrongUnder } from './screens.js';
import { members } from './members.js';
import { answers } from './summary.js';
import { digits, wordsOf } from './words.js';

const DRAFT_AFTER = 800;
const XML_FILE = 'xml_submission_file';

/**
 * Opens a form in a container.
 *
 * `xform` is its XML; `fetchMedia(name)` gives the text of a list; `draft` is null or
 * `{xml, files: [{name, blob}]}`; `preset` answers questions of a new record by path.
 * `onDraft({instanceId, xml, files})` is called a moment after each change, `onFinish` with the same
 * and `name` once everything is answered, `onClose` when the user leaves. Rejects a form or a draft
 * that can't be read.
 */
export async function openForm(options) {
  const page = new Page(options);
  await page.load();
  page.draw();
  return { setLanguage: (language) => page.speak(language), saveNow: () => page.save(), close: () => page.leave() };
}

class Page {
  constructor(options) {
    this.options = options;
    this.language = options.language;
    this.words = wordsOf(options.language);
    this.typed = new Map();
    this.sought = new Map();
    this.taking = new Map();
    this.pictures = new Map();
    this.shown = false;
    this.at = 0; // the screen; as many as there are screens is the list of answers
    this.inside = null; // one member of a repeat
    this.removing = null;
    this.drawing = false;
    this.timer = 0;
    this.hidden = () => document.visibilityState === 'hidden' && this.save();
    document.addEventListener('visibilitychange', this.hidden);
  }

  async load() {
    const { xform, fetchMedia, draft, preset, deviceId, username } = this.options;
    const form = await loadForm(xform, {
      fetchFormAttachment: async (address) => {
        const csv = await fetchMedia(String(address).split('/').pop());
        return new Response(csv, { headers: { 'Content-Type': 'text/csv' } });
      },
    });
    if (form.status === 'failure') throw form.error;
    const config = {
      stateFactory: (state) => this.watched(state),
      preloadProperties: { deviceID: deviceId, username },
      instanceAttachments: { fileNameFactory: () => `${crypto.randomUUID()}.jpg` },
    };
    const instance = draft
      ? await form.restoreInstance({ data: [recordOf(draft)] }, config)
      : form.createInstance(config);
    this.root = instance.root;
    this.speak(this.language);
    if (!draft) this.answer(preset ?? {});
  }

  /** Draws the page again whenever the engine changes what it shows. */
  watched(state) {
    return new Proxy(state, {
      set: (target, name, value) => {
        target[name] = value;
        this.redraw();
        return true;
      },
    });
  }

  answer(preset) {
    for (const [path, value] of Object.entries(preset)) {
      const node = [...everyNode(this.root)].find((one) => one.currentState.reference === path);
      if (node?.nodeType === 'select') node.selectValues(value.split(' '));
      else node?.setValue?.(value);
    }
    const first = this.screens().findIndex(({ controls }) => controls.some((one) => violationOf(one)));
    this.at = Math.max(0, first);
  }

  screens() {
    return screensOf(this.root);
  }

  speak(language) {
    this.language = language;
    this.words = wordsOf(language);
    const spoken = this.root.languages.find((one) => one.language.includes(`(${language})`));
    if (spoken) this.root.setLanguage(spoken);
    this.redraw();
  }

  change(put) {
    put();
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.save(), DRAFT_AFTER);
    this.redraw();
  }

  async save() {
    clearTimeout(this.timer);
    const { xml, files } = this.held();
    await this.options.onDraft?.({ instanceId: this.instanceId(), xml, files, name: this.name() });
  }

  held() {
    const uploads = [...everyNode(this.root)].filter((one) => one.nodeType === 'upload');
    const files = uploads.flatMap((one) => {
      const blob = one.currentState.value;
      return blob ? [{ name: one.currentState.instanceValue, blob }] : [];
    });
    return { xml: this.root.instanceState.instanceXML, files };
  }

  instanceId() {
    return this.valueAt('/data/meta/instanceID');
  }

  name() {
    return this.valueAt('/data/meta/instanceName').trim();
  }

  valueAt(path) {
    const node = [...everyNode(this.root)].find((one) => one.currentState.reference.replace(/orx:/g, '') === path);
    return node?.currentState.instanceValue ?? node?.currentState.value ?? '';
  }

  redraw() {
    if (this.drawing || this.left) return;
    this.drawing = true;
    requestAnimationFrame(() => {
      this.drawing = false;
      if (!this.left && this.root) this.draw();
    });
  }

  pictureOf(file) {
    if (!this.pictures.has(file)) this.pictures.set(file, URL.createObjectURL(file));
    return this.pictures.get(file);
  }

  go(at, inside = null) {
    this.at = at;
    this.inside = inside;
    this.shown = false;
    this.removing = null;
    this.draw();
    this.options.container.querySelector('h1')?.focus();
    window.scrollTo(0, 0);
    this.save();
  }

  draw() {
    render(this.page(), this.options.container);
  }

  page() {
    const screens = this.screens();
    this.at = Math.min(this.at, screens.length);
    if (this.inside && !isHeld(this.inside, screens)) this.inside = null;
    if (this.at === screens.length) return answers(this, screens);
    const screen = screens[this.at];
    if (this.inside) return this.member(screen);
    return screen.kind === 'repeat' ? members(this, screen, screens.length) : this.questions(screen, screens.length);
  }

  top(total) {
    const at = digits(this.at + 1, this.language);
    return html`<p class="spean-form-progress"><span>${this.words.question} ${at} / ${digits(total, this.language)}</span>
      <progress max=${total} value=${this.at}></progress></p>`;
  }

  questions(screen, total) {
    this.alone = screen.controls.length === 1;
    return html`${this.top(total)} ${this.errors(screen.controls)}
      ${screen.above ? html`<h1 class="govuk-heading-m" tabindex="-1">${screen.above}</h1>` : html`<h1 class="govuk-visually-hidden" tabindex="-1">${labelOf(screen.node)}</h1>`}
      ${repeat(screen.controls, (one) => one.nodeId, (one) => control(one, this))}
      ${this.buttons(() => this.next(screen.controls))}`;
  }

  errors(controls) {
    const wrong = this.shown ? controls.filter((one) => errorOf(one, this)) : [];
    if (!wrong.length) return nothing;
    return html`<div class="govuk-error-summary" role="alert"><h2 class="govuk-error-summary__title">${this.words.problems}</h2>
      <div class="govuk-error-summary__body"><ul class="govuk-list govuk-error-summary__list">
        ${wrong.map((one) => html`<li><a href="#${boxOf(one)}" @click=${(event) => this.lead(event, one)}>${labelOf(one)}: ${errorOf(one, this)}</a></li>`)}
      </ul></div></div>`;
  }

  lead(event, node) {
    event.preventDefault();
    document.getElementById(boxOf(node))?.focus();
  }

  isRight(controls) {
    this.shown = controls.some((one) => errorOf(one, this));
    this.draw();
    if (this.shown) this.options.container.querySelector('.govuk-error-summary')?.scrollIntoView();
    return !this.shown;
  }

  next(controls) {
    if (this.isRight(controls)) this.go(this.at + 1);
  }

  buttons(forward, label = this.words.next) {
    return html`<div class="spean-form-buttons">
      <button type="button" class="govuk-button" data-go="next" @click=${forward}>${label}</button>
      <button type="button" class="govuk-button govuk-button--secondary" data-go="back"
        @click=${() => (this.at ? this.go(this.at - 1) : this.leave())}>${this.words.back}</button>
    </div>`;
  }

  ask(one) {
    this.removing = one;
    this.draw();
  }

  member(screen) {
    const controls = controlsOf(this.inside);
    this.alone = false;
    const number = instancesOf(screen.node).indexOf(this.inside) + 1;
    const done = () => this.isRight(controls) && this.go(this.at);
    return html`<h1 class="govuk-heading-m" tabindex="-1">${labelOf(screen.node)} ${digits(number, this.language)}</h1>
      ${this.errors(controls)} ${repeat(controls, (one) => one.nodeId, (one) => control(one, this))}
      <div class="spean-form-buttons">
        <button type="button" class="govuk-button" data-go="next" @click=${done}>${this.words.done}</button>
        <button type="button" class="govuk-button govuk-button--secondary" data-go="back" @click=${() => this.go(this.at)}>${this.words.back}</button>
      </div>`;
  }

  find(event, node, screens) {
    event?.preventDefault();
    for (const [at, screen] of screens.entries()) {
      const inside = screen.kind === 'repeat' ? instancesOf(screen.node).find((one) => controlsOf(one).includes(node)) : null;
      if (inside || screen.controls.includes(node)) {
        this.go(at, inside ?? null);
        this.isRight(inside ? controlsOf(inside) : screen.controls);
        return;
      }
    }
  }

  async finish(screens) {
    const [wrong] = wrongUnder(this.root);
    if (wrong) {
      this.find(null, wrong, screens);
      return;
    }
    const payload = await this.root.prepareInstancePayload({ payloadType: 'monolithic' });
    const [data] = payload.data;
    const xml = await data.get(XML_FILE).text();
    const files = [...data.entries()].filter(([name]) => name !== XML_FILE).map(([name, blob]) => ({ name, blob }));
    this.stop();
    await this.options.onFinish({ instanceId: this.instanceId(), xml, files, name: this.name() });
  }

  async leave() {
    await this.save();
    this.stop();
    this.options.onClose?.();
  }

  stop() {
    this.left = true;
    clearTimeout(this.timer);
    document.removeEventListener('visibilitychange', this.hidden);
    this.pictures.forEach((address) => URL.revokeObjectURL(address));
  }
}

/** Packs a draft as the engine reads one. */
function recordOf({ xml, files }) {
  const data = new FormData();
  data.set(XML_FILE, new File([xml], XML_FILE, { type: 'text/xml' }));
  for (const { name, blob } of files ?? []) data.set(name, new File([blob], name, { type: blob.type }));
  return data;
}

const isHeld = (member, screens) =>
  screens.some((screen) => screen.kind === 'repeat' && instancesOf(screen.node).includes(member));
