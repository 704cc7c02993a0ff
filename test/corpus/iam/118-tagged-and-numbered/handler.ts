import { DynamoDBClient, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';

const path = (parts: TemplateStringsArray, ...names: string[]): string =>
  parts.reduce((text, part, index) => text + part + (names[index] ?? ''), '/');
const SHARDS = [0, 1, 2] as const;
const db = new DynamoDBClient({});

const shardOf = (id: string): number => {
  const sum = [...id].reduce((total, letter) => total + letter.charCodeAt(0), 0);
  return SHARDS[sum % SHARDS.length] ?? 0;
};

export const handler = async ({ id }: { id: string }) => {
  await new SSMClient({}).send(new GetParameterCommand({ Name: path`tagged/${'limit'}` }));
  await db.send(
    new UpdateItemCommand({ TableName: `shard-${shardOf(id)}`, Key: { id: { S: id } }, UpdateExpression: 'ADD n :o', ExpressionAttributeValues: { ':o': { N: '1' } } }),
  );
};
