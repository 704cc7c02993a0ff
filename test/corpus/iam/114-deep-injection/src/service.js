exports.Service = class {
  constructor(...parts) {
    [this.store, this.notifier] = parts;
  }
  async close(id) {
    const closed = await this.store.update(id, { state: 'closed' });
    await this.notifier.notify({ type: 'closed', ...closed });
  }
  open(id) {
    return this.store.get(id);
  }
};
