import { query, transaction } from './db';

export const handler = async (event: { id: number }) => {
  const rows = await query('select * from orders where id = :id', { id: event.id });
  await transaction('update orders set seen = true');
  return rows;
};
