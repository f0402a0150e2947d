/** The page on the phone: what is to be done, the forms, and where each record stands. */

import { render } from '../../vendor/odk-xforms/odk-xforms.js';
import { CardCheck } from './card/check.js';
import { openForm } from './form/form.js';
import { Records } from './records.js';
import * as server from './server.js';
import { Sync } from './sync.js';
import * as vaults from './vault.js';
import * as views from './views.js';
import { wordsOf } from './words.js';

const CARD = '#/card';
const IDLE = 10 * 60_000;
const EVERY = 60_000;
const SOON = [1_500, 4_000, 10_000];

class App {
  constructor(box) {
    this.box = box;
    this.speak(localStorage.getItem('spean-language') ?? 'km');
    this.view = 'begin';
    this.error = '';
    this.sync = null;
    this.rows = [];
    this.handle = null;
    this.card = new CardCheck(() => this.draw());
  }

  async begin() {
    navigator.serviceWorker?.register('/field/sw.js', { scope: '/field/' });
    navigator.serviceWorker?.addEventListener('message', () => this.contact());
    addEventListener('online', () => this.contact());
    addEventListener('online', () => this.card.refresh());
    addEventListener('offline', () => this.draw());
    addEventListener('hashchange', () => this.route());
    addEventListener('unhandledrejection', ({ reason }) => this.fail(reason));
    for (const event of ['pointerdown', 'keydown']) addEventListener(event, () => this.awake());
    setInterval(() => this.contact(), EVERY);
    this.card.refresh();
    this.owners = await vaults.owners();
    if (location.hash === CARD) this.show('card');
    if (this.owners.length) this.wait('unlock');
    else await this.meet();
  }

  /** Shows what there is to do before the vault is open; a card can be checked meanwhile. */
  wait(view) {
    this.closed = view;
    if (this.view !== 'card') this.show(view);
  }

  /** Asks the server who is signed in, to make a vault for them. */
  async meet() {
    try {
      const { user } = await server.session();
      this.newUser = user.username;
      this.wait(this.owners.includes(user.username) ? 'unlock' : 'choosePin');
    } catch (error) {
      if (error instanceof server.Refused && error.status === 403) this.wait('noForms');
      else this.wait(error instanceof server.NoAnswer ? 'offlineFirst' : 'signIn');
    }
  }

  speak(language) {
    this.language = language;
    this.words = wordsOf(language);
    document.documentElement.lang = language;
    document.title = this.words.title;
    localStorage.setItem('spean-language', language);
    this.handle?.setLanguage(language);
  }

  switchLanguage() {
    this.speak(this.language === 'km' ? 'en' : 'km');
    this.draw();
  }

  show(view, error = '') {
    this.view = view;
    this.error = error;
    this.draw();
    scrollTo(0, 0);
  }

  draw() {
    if (this.view !== 'form') render(views.page(this), this.box);
  }

  fail(error) {
    console.error(error);
    this.error = error?.name === 'QuotaExceededError' ? this.words.full : this.words.broken;
    const place = document.getElementById('spean-alert');
    if (place) place.textContent = this.error;
    this.draw();
  }

  async choosePin({ pin, again }) {
    const wrong = views.pinError(pin, again, this.words);
    if (wrong) return this.show('choosePin', wrong);
    await navigator.storage?.persist?.();
    const vault = await vaults.create(this.newUser, pin);
    this.owners = await vaults.owners();
    return this.enter(vault);
  }

  async unlock({ username, pin }) {
    try {
      await this.enter(await vaults.open(username, pin));
    } catch (error) {
      if (error instanceof vaults.WaitFirst) {
        const seconds = Math.ceil((error.until - Date.now()) / 1000);
        this.show('unlock', `${this.words.pinWait} ${seconds}`);
      } else if (error instanceof vaults.WrongPin) this.show('unlock', this.words.pinWrong);
      else throw error;
    }
  }

  async enter(vault) {
    this.vault = vault;
    this.records = new Records(vault);
    this.sync = new Sync(vault, () => this.refresh());
    await this.sync.begin();
    this.awake();
    await this.refresh();
    this.route();
    this.contact();
  }

  async lock() {
    await this.handle?.saveNow();
    this.handle = null;
    this.vault = this.records = this.sync = null;
    this.rows = [];
    this.card.close();
    this.closed = 'unlock';
    this.show('unlock');
  }

  awake() {
    clearTimeout(this.idle);
    this.idle = setTimeout(() => (this.vault ? this.lock() : this.card.again()), IDLE);
  }

  /** Talks to the server, if there is one; looks again soon after, for what it has just received. */
  async contact() {
    this.draw();
    if (!this.sync) return;
    await this.sync.run();
    if (this.rows.some((one) => one.state === 'received')) this.lookAgain();
  }

  lookAgain() {
    if (this.looking) return;
    this.looking = true;
    const look = async (n) => {
      if (n < SOON.length && this.sync && this.rows.some((one) => one.state === 'received')) {
        await this.sync.run();
        setTimeout(() => look(n + 1), SOON[n]);
      } else this.looking = false;
    };
    setTimeout(() => look(0), SOON[0]);
  }

  async refresh() {
    if (!this.records) return;
    this.rows = await this.records.all();
    this.draw();
  }

  route() {
    this.card.close();
    if (location.hash === CARD) return this.show('card');
    if (!this.sync) return this.show(this.closed);
    const [view, id] = location.hash.slice(2).split('/');
    this.discarding = null;
    if (view === 'record') this.openRecord(decodeURIComponent(id));
    else if (view === 'work') this.openWork(id);
    else if (view === 'new') this.openNew(id);
    else this.show(['records', 'settings'].includes(view) ? view : 'home');
  }

  go(hash) {
    if (location.hash === hash) this.route();
    else location.hash = hash;
  }

  async openNew(formId) {
    const form = this.sync.forms.find((one) => one.form_id === formId);
    if (form) await this.fill({ formId, version: form.version }, null, {});
    else this.go('#/home');
  }

  async openWork(workId) {
    const item = this.sync.work.find((one) => one.id === workId);
    const begun = this.rows.find((one) => one.workId === workId && one.state === 'draft');
    const form = this.sync.forms.find((one) => one.form_id === item?.form_id);
    if (begun) await this.openRecord(begun.id);
    else if (form) await this.fill({ formId: form.form_id, version: form.version, workId, title: item.title }, null, item.preset);
    else this.go('#/home');
  }

  async openRecord(id) {
    const record = await this.records.get(id);
    if (record?.state !== 'draft') return this.go('#/records');
    const files = await this.records.files(record);
    return this.fill(record, { xml: record.xml, files }, {});
  }

  async fill(about, draft, preset) {
    const { formId, version, workId, title } = about;
    const xform = await this.sync.form(formId, version);
    if (!xform) return this.show('home', this.words.formGone);
    const keep = (held, state) => this.records.keep(held, state, { formId, version, workId, title });
    this.view = 'form';
    const container = views.formPage(this);
    try {
      this.handle = await openForm({
        container,
        xform,
        fetchMedia: (name) => this.sync.list(name),
        language: this.language,
        draft,
        preset,
        deviceId: this.sync.deviceId,
        username: this.vault.username,
        onDraft: (held) => keep(held, 'draft').catch((error) => this.fail(error)),
        onFinish: async (held) => {
          await keep(held, 'waiting');
          await this.leaveForm();
          this.contact();
        },
        onClose: () => this.leaveForm(),
      });
    } catch (error) {
      console.error(error);
      this.handle = null;
      this.show('home', this.words.formBroken);
    }
    return undefined;
  }

  async leaveForm() {
    this.handle = null;
    this.view = 'records';
    await this.refresh();
    const registration = await navigator.serviceWorker?.getRegistration('/field/');
    registration?.sync?.register('spean-send').catch(() => {});
    this.go('#/records');
  }

  async discard(record) {
    await this.records.remove(record);
    this.discarding = null;
    await this.refresh();
  }

  async copy(record) {
    const draft = await this.records.copy(record);
    await this.records.remove(record);
    await this.refresh();
    this.go(`#/record/${encodeURIComponent(draft.id)}`);
  }

  async changePin({ old, pin, again }) {
    const wrong = views.pinError(pin, again, this.words);
    if (wrong) return this.show('settings', wrong);
    try {
      await vaults.changePin(this.vault.username, old, pin);
      this.show('settings', this.words.pinChanged);
    } catch {
      this.show('settings', this.words.pinWrong);
    }
    return undefined;
  }

  async tidy() {
    await this.records.tidy();
    await this.refresh();
  }
}

new App(document.getElementById('spean-phone')).begin();
