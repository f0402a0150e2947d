/** Fetching what is to be done and sending what was done, whenever there is signal. */

import { Records, TO_SEND, UNDER_WAY } from './records.js';
import * as server from './server.js';

const SLOWEST = 15 * 60_000;

/** Gives the part of a cursor that stands for the user's areas. */
const areasOf = (cursor) => cursor.split('.')[2];

export class Sync {
  constructor(vault, told) {
    this.vault = vault;
    this.records = new Records(vault);
    this.told = told; // called after every change, to draw the page again
    this.state = { busy: false, signedOut: false, other: '', contact: 0 };
    this.forms = [];
    this.work = [];
  }

  /** Reads what the phone holds. */
  async begin() {
    const kept = (await this.vault.get('state', 'session')) ?? { forms: [], contact: 0 };
    this.forms = kept.forms;
    this.state.contact = kept.contact;
    this.deviceId = (await this.vault.get('state', 'device')) ?? `spean-browser:${crypto.randomUUID()}`;
    await this.vault.put('state', 'device', this.deviceId);
    await this.readWork();
  }

  async readWork() {
    const items = await this.vault.all('work');
    this.work = items.filter((item) => !item.closed);
  }

  /** Does all there is to do with the server, once at a time in all tabs; says nothing if offline. */
  async run() {
    if (!navigator.onLine) return;
    await navigator.locks.request(`spean-${this.vault.username}`, { ifAvailable: true }, async (lock) => {
      if (lock === null) return;
      this.say({ busy: true });
      try {
        await this.meet();
        if (!this.state.other) await this.exchange();
      } catch (error) {
        if (server.isSignedOut(error)) this.say({ signedOut: true });
        else if (!(error instanceof server.NoAnswer || error instanceof server.Refused)) throw error;
      } finally {
        this.say({ busy: false });
      }
    });
  }

  say(state) {
    Object.assign(this.state, state);
    this.told();
  }

  /** Learns who is signed in, and which forms there are. */
  async meet() {
    const met = await server.session();
    const other = met.user.username === this.vault.username ? '' : met.user.username;
    this.say({ signedOut: false, other });
    if (other) return;
    this.token = met.csrf_token;
    this.state.contact = Date.now();
    this.met = met;
    await this.vault.put('state', 'session', { forms: this.forms, contact: this.state.contact });
  }

  async exchange() {
    await this.send();
    await this.learn();
    // A form is offered once the lists that it reads are here, and work once its form is.
    await this.fetchLists();
    await this.fetchForms();
    await this.fetchWork();
  }

  async send() {
    const now = Date.now();
    const ready = (await this.records.all()).filter((one) => TO_SEND.includes(one.state) && one.nextTry <= now);
    for (const record of ready.reverse()) await this.sendOne(record);
  }

  async sendOne(record) {
    const sending = await this.records.move(record, 'sending');
    this.told();
    try {
      await server.send(sending, await this.records.files(sending), { token: this.token, deviceId: this.deviceId });
      await this.records.move(sending, 'received', { reason: null, outcome: null });
    } catch (error) {
      await this.notSent(sending, error);
      if (server.isSignedOut(error) || error instanceof server.NoAnswer) throw error;
    } finally {
      this.told();
    }
  }

  async notSent(record, error) {
    const refused = error instanceof server.Refused && error.status < 500 && error.status !== 429;
    if (refused && !server.isSignedOut(error)) {
      const [km, en] = error.message.split('\n');
      return this.records.move(record, 'refused', { reason: { km, en: en ?? km } });
    }
    const tries = record.tries + 1;
    const pause = Math.min(2 ** tries * 5_000, SLOWEST) * (0.5 + Math.random());
    const nextTry = server.isSignedOut(error) ? 0 : Date.now() + pause;
    const state = error instanceof server.NoAnswer ? 'unsure' : 'waiting';
    return this.records.move(record, state, { tries, nextTry });
  }

  /** Asks what became of what the server received. */
  async learn() {
    const open = (await this.records.all()).filter((one) => UNDER_WAY.includes(one.state));
    if (!open.length) return;
    const states = await server.states(open.map((one) => one.id));
    for (const record of open) {
      const said = states.get(record.id);
      if (said && said.state !== record.state) {
        await this.records.move(record, said.state, { reason: said.reason, outcome: said.outcome });
      }
    }
    this.told();
  }

  async fetchForms() {
    for (const form of this.met.forms) {
      const held = this.forms.find((one) => one.form_id === form.form_id);
      if (held?.md5 === form.md5) continue;
      const id = `${form.form_id} ${form.version}`;
      await this.vault.put('form', id, (await server.file(form.xml_url)).text);
    }
    this.forms = this.met.forms;
    await this.vault.put('state', 'session', { forms: this.forms, contact: this.state.contact });
    this.told();
  }

  async fetchWork() {
    for (let more = true; more; ) {
      const cursor = await this.vault.get('state', 'cursor');
      const page = await server.work(cursor);
      if (cursor && areasOf(cursor) !== areasOf(page.cursor)) await this.forgetWork();
      for (const item of page.items) {
        if (item.closed) await this.vault.remove('work', item.id);
        else await this.vault.put('work', item.id, item);
      }
      await this.vault.put('state', 'cursor', page.cursor);
      more = page.more;
      await this.readWork();
      this.told();
    }
  }

  async forgetWork() {
    for (const item of await this.vault.all('work')) await this.vault.remove('work', item.id);
  }

  async fetchLists() {
    const urls = new Map(this.met.forms.flatMap((form) => form.media.map(({ name, url }) => [name, url])));
    for (const [name, url] of urls) {
      const held = await this.vault.get('list', name);
      const found = await server.file(url, held?.mark);
      if (found) await this.vault.put('list', name, found);
    }
  }

  /** Gives a form's definition of one version, null where the phone doesn't hold it. */
  form(formId, version) {
    return this.vault.get('form', `${formId} ${version}`);
  }

  async list(name) {
    return (await this.vault.get('list', name))?.text ?? 'name,label\n';
  }
}
