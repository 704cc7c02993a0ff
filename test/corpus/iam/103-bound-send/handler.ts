import { DynamoDBClient, GetItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';

const client = new DynamoDBClient({});
const send = client.send.bind(client);
const thunks: (() => Promise<unknown>)[] = [];

export const handler = async ({ id }: { id: string }) => {
  const Key = { id: { S: id } };
  const TableName = 'bound';
  const commands = [
    new GetItemCommand({ TableName, Key }),
    new UpdateItemCommand({ TableName, Key, UpdateExpression: 'ADD n :o', ExpressionAttributeValues: { ':o': { N: '1' } } }),
  ];
  const results = await Promise.all(commands.map((command) => send(command as never)));
  thunks.push(() => new SNSClient({}).send(new PublishCommand({ TopicArn: 'arn:aws:sns:us-east-1:123456789012:thunk', Message: id })));
  while (thunks.length > 0) await thunks.shift()?.();
  return results.length;
};
