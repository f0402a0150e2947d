/** Checks a card: by its signature on the phone, and by the server's word where there is one.
 *
 * Nothing about a card or a family is kept: what is shown is gone when the screen is left.
 */

import * as server from '../server.js';
import { readPhoto, watchCamera } from './scan.js';
import { plain, readCard, Unreliable } from './token.js';

const KEYS = '/.well-known/spean-card-keys.json';
const PLACES = '/field/places.json';
const NUMBER = /^\d{12}$/;

/** What tells of no card about which the server could be asked. */
export const WORTHLESS = ['forged', 'unreadable'];

export class CardCheck {
  /** `changed` draws anew. */
  constructor(changed) {
    this.changed = changed;
    this.close();
  }

  /** Fetches the keys and the names of places, so that the service worker keeps them. */
  refresh() {
    for (const address of [KEYS, PLACES]) fetch(address).catch(() => {});
  }

  close() {
    this.stop?.();
    this.stop = null;
    this.found = null;
    this.scanning = this.cameraFails = this.noCode = this.busy = false;
    this.turn = (this.turn ?? 0) + 1;
  }

  again() {
    this.close();
    this.changed();
  }

  /** Shows the camera until it sees a code, or says that there is none. */
  async scan() {
    this.close();
    this.scanning = true;
    this.changed();
    const { turn } = this;
    try {
      const stop = await watchCamera(document.getElementById('spean-camera'), (text) => this.check(text));
      if (turn === this.turn) this.stop = stop;
      else stop();
    } catch {
      if (turn !== this.turn) return;
      this.close();
      this.cameraFails = true;
      this.changed();
    }
  }

  async photo(file) {
    const text = await readPhoto(file);
    if (text) return this.check(text);
    this.close();
    this.noCode = true;
    return this.changed();
  }

  /** Says what the card itself says, at once; then asks the server. */
  async check(text) {
    this.close();
    const { turn } = this;
    const code = plain(text);
    const found = await this.offline(code);
    if (turn !== this.turn) return;
    this.found = found;
    this.busy = !WORTHLESS.includes(found.outcome);
    this.changed();
    if (!this.busy) return;
    const told = await ask(code);
    if (turn !== this.turn) return;
    Object.assign(this, { found: { ...found, told }, busy: false });
    this.changed();
  }

  async offline(code) {
    if (NUMBER.test(code)) return { outcome: 'number' };
    try {
      const { card, at } = await this.read(code);
      return { outcome: outcomeOn(today(), card), card, keysOf: at, place: await placeOf(card.village) };
    } catch (error) {
      if (error instanceof Unreliable) return { outcome: error.outcome };
      throw error;
    }
  }

  /** Reads a card by the keys that are kept; by new ones, where it was signed by none of them. */
  async read(code) {
    let kept = await keys();
    try {
      return { card: await readCard(code, kept.keys), at: kept.at };
    } catch (error) {
      if (error.outcome !== 'unknown_key') throw error;
      kept = await keys({ cache: 'reload' });
      if (!kept.keys.length) throw new Unreliable('no_keys');
      return { card: await readCard(code, kept.keys), at: kept.at };
    }
  }
}

async function keys(how) {
  try {
    const response = await fetch(KEYS, how);
    return { keys: (await response.json()).keys, at: new Date(response.headers.get('Date')) };
  } catch {
    return { keys: [], at: null };
  }
}

/** Gives the names of a village and what holds it, in both languages, as far as the phone knows them. */
async function placeOf(village) {
  try {
    const names = await (await fetch(PLACES)).json();
    return [8, 6, 4, 2].map((end) => names[village.slice(0, end)]).filter(Boolean);
  } catch {
    return [];
  }
}

function outcomeOn(day, { from, until }) {
  if (day < from) return 'not_yet';
  return day < until ? 'covered' : 'expired';
}

function today() {
  const now = new Date();
  return [now.getFullYear(), now.getMonth() + 1, now.getDate()].map((part) => String(part).padStart(2, '0')).join('-');
}

/** Asks the server about a card's code or number; why it gave no answer, where it gave none. */
async function ask(code) {
  try {
    const { csrf_token: token } = await server.session();
    return await server.cover(code, token);
  } catch (error) {
    if (error instanceof server.NoAnswer) return { silent: 'notAsked' };
    if (!(error instanceof server.Refused)) throw error;
    return { silent: error.status === 401 ? 'notSignedIn' : error.status === 403 ? 'mayNotAsk' : 'notAnswered' };
  }
}
