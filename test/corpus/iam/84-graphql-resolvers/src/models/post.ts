import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DeleteCommand, DynamoDBDocumentClient, GetCommand, PutCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';

export interface Post { id: string; author: string; text: string }

export namespace PostModel {
  const documents = DynamoDBDocumentClient.from(new DynamoDBClient({}));
  const TableName = process.env.POSTS;

  export async function get(id: string): Promise<Post | undefined> {
    return (await documents.send(new GetCommand({ TableName, Key: { id } }))).Item as Post;
  }
  export async function byAuthor(author: string): Promise<Post[]> {
    const { Items } = await documents.send(
      new QueryCommand({ TableName, IndexName: 'byAuthor', KeyConditionExpression: 'author = :a', ExpressionAttributeValues: { ':a': author } }),
    );
    return (Items ?? []) as Post[];
  }
  export async function put(post: Post): Promise<Post> {
    await documents.send(new PutCommand({ TableName, Item: post }));
    return post;
  }
  export const remove = (id: string) => documents.send(new DeleteCommand({ TableName, Key: { id } }));
}
