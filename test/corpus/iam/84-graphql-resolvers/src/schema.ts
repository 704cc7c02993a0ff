export const typeDefs = /* GraphQL */ `
  type Post { id: ID! text: String }
  type Query { post(id: ID!): Post postsBy(author: ID!): [Post!]! }
  type Mutation { write(text: String!): Post! }
`;
