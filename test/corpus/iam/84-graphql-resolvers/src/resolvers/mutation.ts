import { PostModel } from '../models/post';

export const Mutation = {
  write: async (_: unknown, { text }: { text: string }, { user }: { user: string }) => PostModel.put({ id: `${user}-${text.length}`, author: user, text }),
};
