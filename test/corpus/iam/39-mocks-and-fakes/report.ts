import type { Store } from './store';

export async function report(store: Store, key: string) {
  return (await store.read(key))?.length ?? 0;
}
