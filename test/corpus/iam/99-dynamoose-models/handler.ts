import { Cat } from './cat';

export const handler = async (event: { id: string; owner?: string }) => {
  if (event.owner !== undefined) return Cat.query('owner').eq(event.owner).using('byOwner').exec();
  const cat = await Cat.get(event.id);
  if (cat) return cat;
  return Cat.create({ id: event.id, owner: 'nobody' });
};
