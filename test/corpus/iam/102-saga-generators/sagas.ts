import { call, type Effect } from './runner';
import * as effects from './effects';

export function* cancelOrder(id: string): Generator<Effect, unknown, unknown> {
  yield call(effects.drop, id);
  yield call(effects.tell, id, 'cancelled');
  return id;
}
