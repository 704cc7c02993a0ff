import { PostModel } from '../models/post';

export const Query = {
  post: (_: unknown, { id }: { id: string }) => PostModel.get(id),
  async postsBy(_: unknown, args: { author: string }) {
    return PostModel.byAuthor(args.author);
  },
};
