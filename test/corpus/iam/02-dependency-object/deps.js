import { DynamoDBClient, GetItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { PurgeQueueCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';

export function buildDependencies({ USERS_TABLE, QUEUE_URL }) {
  const dynamo = new DynamoDBClient({});
  const sqs = new SQSClient({});
  return {
    users: {
      find: (email) => dynamo.send(new GetItemCommand({ TableName: USERS_TABLE, Key: { email: { S: email } } })),
      touch: (email) =>
        dynamo.send(
          new UpdateItemCommand({ TableName: USERS_TABLE, Key: { email: { S: email } }, UpdateExpression: 'SET seen = :now', ExpressionAttributeValues: { ':now': { N: String(Date.now()) } } }),
        ),
    },
    mail: {
      async enqueue(message) {
        await sqs.send(new SendMessageCommand({ QueueUrl: QUEUE_URL, MessageBody: JSON.stringify(message) }));
      },
      purge: () => sqs.send(new PurgeQueueCommand({ QueueUrl: QUEUE_URL })),
    },
    clock: () => new Date(),
  };
}
