import { KindStore } from '.';

export default class Cats extends KindStore {
  constructor() {
    super('cat');
  }
  adopt(name: string) {
    return this.put({ id: name, lives: 9 });
  }
}
