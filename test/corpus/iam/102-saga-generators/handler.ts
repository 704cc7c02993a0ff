import { cancelOrder } from './sagas';
import { run } from './runner';

export const handler = (event: { id: string }) => run(cancelOrder(event.id));
