/** What the phone keeps, sealed: IndexedDB holds nothing personal that is not encrypted.
 *
 * A random key seals every value (AES-GCM); that key is itself sealed under one that PBKDF2 makes of
 * the PIN. It lives only in memory. The sign-in name of each vault is not sealed: it says whose the
 * vault is.
 */

const NAME = 'spean-phone';
const ITERATIONS = 600_000;
const FREE_TRIES = 3;
const LONGEST_WAIT = 300_000;
const TEXT = new TextEncoder();

export class WrongPin extends Error {}

export class WaitFirst extends Error {
  constructor(until) {
    super('wait');
    this.until = until;
  }
}

const asked = (request) =>
  new Promise((give, refuse) => {
    request.onsuccess = () => give(request.result);
    request.onerror = () => refuse(request.error);
  });

const ended = (transaction) =>
  new Promise((give, refuse) => {
    transaction.oncomplete = () => give();
    transaction.onabort = transaction.onerror = () => refuse(transaction.error);
  });

let opened = null;

function database() {
  opened ??= new Promise((give, refuse) => {
    const request = indexedDB.open(NAME, 1);
    request.onupgradeneeded = () => {
      request.result.createObjectStore('vaults', { keyPath: 'username' });
      const sealed = request.result.createObjectStore('sealed', { keyPath: ['username', 'kind', 'id'] });
      sealed.createIndex('kind', ['username', 'kind']);
    };
    request.onsuccess = () => give(request.result);
    request.onerror = () => refuse(request.error);
  });
  return opened;
}

async function pinKey(pin, salt, iterations) {
  const raw = await crypto.subtle.importKey('raw', TEXT.encode(pin), 'PBKDF2', false, ['deriveKey']);
  const how = { name: 'PBKDF2', hash: 'SHA-256', salt, iterations };
  return crypto.subtle.deriveKey(how, raw, { name: 'AES-GCM', length: 256 }, false, ['wrapKey', 'unwrapKey']);
}

async function wrapped(key, pin) {
  const salt = crypto.getRandomValues(new Uint8Array(16));
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const under = await pinKey(pin, salt, ITERATIONS);
  const seal = await crypto.subtle.wrapKey('raw', key, under, { name: 'AES-GCM', iv });
  return { salt, iv, seal, iterations: ITERATIONS };
}

async function unwrapped(vault, pin, extractable) {
  const under = await pinKey(pin, vault.salt, vault.iterations);
  try {
    return await crypto.subtle.unwrapKey(
      'raw', vault.seal, under, { name: 'AES-GCM', iv: vault.iv }, 'AES-GCM', extractable, ['encrypt', 'decrypt'],
    );
  } catch {
    throw new WrongPin();
  }
}

/** Gives the sign-in names of those who have a vault on this phone. */
export async function owners() {
  const store = (await database()).transaction('vaults').objectStore('vaults');
  return asked(store.getAllKeys());
}

/** Makes a vault for a user, and opens it. */
export async function create(username, pin) {
  const key = await crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, true, ['encrypt', 'decrypt']);
  await keep({ username, tries: 0, until: 0, ...(await wrapped(key, pin)) });
  return open(username, pin);
}

/** Opens a vault. Rejects with WrongPin; with WaitFirst after several wrong ones. */
export async function open(username, pin) {
  const vault = await held(username);
  if (Date.now() < vault.until) throw new WaitFirst(vault.until);
  try {
    const key = await unwrapped(vault, pin, false);
    if (vault.tries) await keep({ ...vault, tries: 0, until: 0 });
    return new Vault(username, key);
  } catch (error) {
    const tries = vault.tries + 1;
    const wait = tries > FREE_TRIES ? Math.min(2 ** (tries - FREE_TRIES) * 2500, LONGEST_WAIT) : 0;
    await keep({ ...vault, tries, until: wait ? Date.now() + wait : 0 });
    throw error;
  }
}

/** Puts a vault under another PIN; what it holds stays as it is. Rejects with WrongPin. */
export async function changePin(username, before, after) {
  const vault = await held(username);
  const key = await unwrapped(vault, before, true);
  await keep({ ...vault, tries: 0, until: 0, ...(await wrapped(key, after)) });
}

async function held(username) {
  return asked((await database()).transaction('vaults').objectStore('vaults').get(username));
}

async function keep(vault) {
  const transaction = (await database()).transaction('vaults', 'readwrite');
  transaction.objectStore('vaults').put(vault);
  return ended(transaction);
}

/** An open vault: values by kind and id. */
export class Vault {
  #key;

  constructor(username, key) {
    this.username = username;
    this.#key = key;
  }

  async put(kind, id, value) {
    const plain = value instanceof ArrayBuffer ? value : TEXT.encode(JSON.stringify(value));
    const iv = crypto.getRandomValues(new Uint8Array(12));
    const seal = await crypto.subtle.encrypt({ name: 'AES-GCM', iv }, this.#key, plain);
    const transaction = (await database()).transaction('sealed', 'readwrite');
    const row = { username: this.username, kind, id, iv, seal, raw: value instanceof ArrayBuffer };
    transaction.objectStore('sealed').put(row);
    return ended(transaction);
  }

  async get(kind, id) {
    const store = (await database()).transaction('sealed').objectStore('sealed');
    return this.#read(await asked(store.get([this.username, kind, id])));
  }

  async all(kind) {
    const store = (await database()).transaction('sealed').objectStore('sealed');
    const rows = await asked(store.index('kind').getAll([this.username, kind]));
    return Promise.all(rows.map((row) => this.#read(row)));
  }

  async remove(kind, id) {
    const transaction = (await database()).transaction('sealed', 'readwrite');
    transaction.objectStore('sealed').delete([this.username, kind, id]);
    return ended(transaction);
  }

  async #read(row) {
    if (!row) return null;
    const plain = await crypto.subtle.decrypt({ name: 'AES-GCM', iv: row.iv }, this.#key, row.seal);
    return row.raw ? plain : JSON.parse(new TextDecoder().decode(plain));
  }
}
