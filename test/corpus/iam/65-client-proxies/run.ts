import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SQSClient } from '@aws-sdk/client-sqs';

const clients = { db: new DynamoDBClient({}), queue: new SQSClient({}) };

export async function run(name: keyof typeof clients, command: any): Promise<any> {
  const started = Date.now();
  try {
    return await (clients[name] as any).send(command);
  } finally {
    console.log(name, command.constructor.name, Date.now() - started);
  }
}
