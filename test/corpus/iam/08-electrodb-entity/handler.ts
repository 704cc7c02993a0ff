import { Task } from './task';

export const handler = async (event: { action: string; id: string; owner: string }) => {
  if (event.action === 'get') return (await Task.get({ id: event.id }).go()).data;
  if (event.action === 'mine') return (await Task.query.byOwner({ owner: event.owner }).go({ pages: 'all' })).data;
  await Task.put({ id: event.id, owner: event.owner, done: false }).go();
  return { id: event.id };
};
