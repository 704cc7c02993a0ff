import type { Notifier } from './notifier';
import type { ProfileStore } from './profile-store';

export class ProfileService {
  constructor(private readonly deps: { store: ProfileStore; notifier: Notifier }) {}

  async rename(id: string, name: string): Promise<void> {
    const { store, notifier } = this.deps;
    await store.setName(id, name);
    await notifier.changed(id);
  }

  async show(id: string) {
    return this.deps.store.load(id);
  }
}
