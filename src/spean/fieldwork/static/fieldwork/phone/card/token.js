/** Reads the signed text of an equity card's code, as docs/how-to/check-a-card-offline.md lays it down. */

const PREFIX = 'SPN1:';
const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
const BYTES = 92;
const SIGNED = 28;
const KEY_ID = 6;
const LEVELS = ['poor_1', 'poor_2', 'at_risk'];
const DAY_ZERO = Date.UTC(2000, 0, 1);
const A_DAY = 86_400_000;

/** Why a code says nothing that can be relied on; `outcome` names it. */
export class Unreliable extends Error {
  constructor(outcome) {
    super(outcome);
    this.outcome = outcome;
  }
}

/** Gives a pasted or scanned text as the card spells it. */
export const plain = (text) => text.replace(/\s/gu, '').toUpperCase();

/** Gives what a card says, once one of the published keys (of a JWK set) is found to have signed it.
 *
 * Rejects with Unreliable: unreadable, newer, unknown_key, forged, cannot_verify.
 */
export async function readCard(text, keys) {
  const data = bytesOf(text);
  const key = keys.find((one) => one.kid.startsWith(base64url(data.subarray(0, KEY_ID))));
  if (!key) throw new Unreliable('unknown_key');
  const signed = Uint8Array.from([...new TextEncoder().encode(PREFIX), ...data.subarray(0, SIGNED)]);
  const holds = await crypto.subtle.verify('Ed25519', await imported(key), data.subarray(SIGNED), signed);
  if (!holds) throw new Unreliable('forged');
  return said(new DataView(data.buffer, KEY_ID));
}

async function imported({ kty, crv, x }) {
  try {
    return await crypto.subtle.importKey('jwk', { kty, crv, x }, 'Ed25519', false, ['verify']);
  } catch {
    throw new Unreliable('cannot_verify'); // browsers before 2025 know no Ed25519
  }
}

function bytesOf(text) {
  if (!/^SPN\d+:/.test(text)) throw new Unreliable('unreadable');
  if (!text.startsWith(PREFIX)) throw new Unreliable('newer');
  const data = new Uint8Array(BYTES);
  let bits = 0;
  let held = 0;
  let at = 0;
  for (const letter of text.slice(PREFIX.length)) {
    const value = LETTERS.indexOf(letter);
    if (value < 0 || at === BYTES) throw new Unreliable('unreadable');
    held = (held << 5) | value;
    bits += 5;
    if (bits >= 8) {
      bits -= 8;
      data[at] = held >> bits;
      at += 1;
      held &= (1 << bits) - 1;
    }
  }
  // The last letter has bits to spare: one spelling only is accepted.
  if (at < BYTES || held) throw new Unreliable('unreadable');
  return data;
}

const base64url = (bytes) => btoa(String.fromCharCode(...bytes)).replaceAll('+', '-').replaceAll('/', '_');

function said(view) {
  const level = LEVELS[view.getUint8(8) - 1];
  if (!level) throw new Unreliable('newer');
  return {
    number: String(view.getBigUint64(0)).padStart(12, '0'),
    level,
    from: day(view.getUint16(9)),
    until: day(view.getUint16(11)),
    lastDay: day(view.getUint16(11) - 1),
    size: view.getUint8(13),
    village: String(view.getUint32(14)).padStart(8, '0'),
  };
}

const day = (number) => new Date(DAY_ZERO + number * A_DAY).toISOString().slice(0, 10);
