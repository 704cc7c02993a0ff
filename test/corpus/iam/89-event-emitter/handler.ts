import { events } from './events';
import './listeners';

export const handler = async (event: { id: string }) => {
  events.emit('created', event.id);
  return { ok: true };
};
