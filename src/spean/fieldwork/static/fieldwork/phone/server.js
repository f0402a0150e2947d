/** What the phone asks of the server. Nothing is believed done before the server has said so. */

const STALLED = 60_000;
const CHUNK = 4 * 1024 * 1024;
const ASKED_AT_ONCE = 50;

/** The server could not be reached, or didn't answer in time. */
export class NoAnswer extends Error {}

/** The server answered with an error; `message` is its word. */
export class Refused extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

export const isSignedOut = (error) => error instanceof Refused && [401, 403].includes(error.status);

async function ask(address, options = {}) {
  let response;
  try {
    // Never the browser's own cache: what it keeps is not sealed.
    const how = { credentials: 'same-origin', cache: 'no-store', signal: AbortSignal.timeout(STALLED) };
    response = await fetch(address, { ...how, ...options });
  } catch {
    throw new NoAnswer();
  }
  if (!response.ok && response.status !== 304) throw new Refused(response.status, await word(response));
  return response;
}

/** Reads the server's word out of a problem document or an OpenRosa answer. */
async function word(response) {
  const text = await response.text().catch(() => '');
  try {
    return JSON.parse(text).detail ?? '';
  } catch {
    return new DOMParser().parseFromString(text, 'text/xml').querySelector('message')?.textContent ?? '';
  }
}

export const session = async () => (await ask('/api/v1/fieldwork/session')).json();

export const work = async (cursor) =>
  (await ask(`/api/v1/fieldwork/work?cursor=${encodeURIComponent(cursor ?? '')}`)).json();

/** Gives a file and its mark; null where the server says that the phone holds this very one. */
export async function file(address, mark = '') {
  const response = await ask(address, mark ? { headers: { 'If-None-Match': mark } } : {});
  if (response.status === 304) return null;
  return { text: await response.text(), mark: response.headers.get('ETag') ?? '' };
}

/** Gives what became of records, by their number. */
export async function states(ids) {
  const found = [];
  for (let at = 0; at < ids.length; at += ASKED_AT_ONCE) {
    const query = ids.slice(at, at + ASKED_AT_ONCE).map((id) => `instance_id=${encodeURIComponent(id)}`).join('&');
    found.push(...(await (await ask(`/api/v1/fieldwork/submissions?${query}`)).json()).items);
  }
  return new Map(found.map((one) => [one.instance_id, one]));
}

/** Asks who is covered, by a card's code or number. */
export async function cover(text, token) {
  const headers = { 'X-CSRFToken': token, 'Content-Type': 'application/json' };
  return (await ask('/api/v1/health_equity/cover', { method: 'POST', headers, body: JSON.stringify({ text }) })).json();
}

/** Sends a record; its files in several requests where they are large. */
export async function send(record, files, { token, deviceId }) {
  for (const part of parted(files)) {
    const body = new FormData();
    body.set('xml_submission_file', new File([record.xml], 'submission.xml', { type: 'text/xml' }));
    for (const { name, blob } of part) body.set(name, blob, name);
    await ask(`/openrosa/submission?deviceID=${encodeURIComponent(deviceId)}`, {
      method: 'POST',
      headers: { 'X-CSRFToken': token, 'X-OpenRosa-Version': '1.0' },
      body,
    });
  }
}

function parted(files) {
  const parts = [[]];
  let size = 0;
  for (const file of files) {
    if (size && size + file.blob.size > CHUNK) {
      parts.push([]);
      size = 0;
    }
    parts.at(-1).push(file);
    size += file.blob.size;
  }
  return parts;
}
