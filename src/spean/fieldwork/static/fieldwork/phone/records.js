/** The records of one user on this phone, and where each of them stands.
 *
 * draft → waiting → sending → received → applied | attention | dismissed
 *                 ↘ unsure (the answer was lost; sent again)   ↘ refused (kept, can be copied)
 */

export const UNSENT = ['draft', 'waiting', 'sending', 'unsure', 'refused'];
export const TO_SEND = ['waiting', 'sending', 'unsure'];
export const UNDER_WAY = ['received', 'attention'];
const KEPT_DAYS = 30;

/** Gives a record's name without the code of its village, which says little to who reads it. */
const titleOf = (name) => (name ?? '').replace(/^\d{8}\s*/, '').trim();

export class Records {
  constructor(vault) {
    this.vault = vault;
  }

  async all() {
    const found = await this.vault.all('record');
    return found.sort((a, b) => b.changedAt - a.changedAt);
  }

  get(id) {
    return this.vault.get('record', id);
  }

  async move(record, state, more = {}) {
    const moved = { ...record, ...more, state, changedAt: Date.now() };
    await this.vault.put('record', moved.id, moved);
    return moved;
  }

  /** Keeps what the form gave: a draft, or a record ready to be sent. */
  async keep({ instanceId, xml, files, name }, state, about) {
    const before = await this.get(instanceId);
    if (before && before.state !== 'draft') return before;
    const names = files.map((file) => file.name);
    for (const { name: file, blob } of files) {
      if (!before?.files.includes(file)) await this.vault.put('file', `${instanceId}/${file}`, await blob.arrayBuffer());
    }
    for (const gone of (before?.files ?? []).filter((file) => !names.includes(file))) {
      await this.vault.remove('file', `${instanceId}/${gone}`);
    }
    return this.move({ ...about, ...before, id: instanceId, xml, files: names, title: titleOf(name) || before?.title || about.title || '' }, state, {
      tries: 0,
      nextTry: 0,
    });
  }

  /** Gives a record's files as the form and the server take them. */
  async files(record) {
    return Promise.all(
      record.files.map(async (name) => ({
        name,
        blob: new Blob([await this.vault.get('file', `${record.id}/${name}`)], { type: 'image/jpeg' }),
      })),
    );
  }

  async remove(record) {
    for (const name of record.files) await this.vault.remove('file', `${record.id}/${name}`);
    await this.vault.remove('record', record.id);
  }

  /** Removes what the server took in long ago; never what was not sent. */
  async tidy() {
    const before = Date.now() - KEPT_DAYS * 86_400_000;
    const old = (await this.all()).filter((one) => ['applied', 'dismissed'].includes(one.state) && one.changedAt < before);
    for (const record of old) await this.remove(record);
    return old.length;
  }

  /** Gives a new draft with the answers of a record that was refused. */
  async copy(record) {
    const id = `uuid:${crypto.randomUUID()}`;
    const files = await this.files(record);
    const xml = record.xml.replace(record.id, id);
    const { formId, version, workId } = record;
    return this.keep({ instanceId: id, xml, files, name: record.title }, 'draft', { formId, version, workId });
  }
}
