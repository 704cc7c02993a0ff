import Cats from './stores/cats';

const cats = new Cats();

export default {
  async handler(event: { name?: string }) {
    if (event.name !== undefined) await cats.adopt(event.name);
    return cats.all();
  },
};
export const handler = async (event: { name?: string }) => {
  if (event.name !== undefined) await cats.adopt(event.name);
  return cats.all();
};
