import { Mutation } from './mutation';
import { Query } from './query';

export const resolvers = { Query, Mutation };
