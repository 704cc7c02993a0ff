import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { events } from './events';

const sns = new SNSClient({});
const db = new DynamoDBClient({});

events.on('created', async (id: string) => {
  await sns.send(new PublishCommand({ TopicArn: 'arn:aws:sns:us-east-1:123456789012:created', Message: id }));
});
events.once('created', (id: string) => {
  void db.send(new PutItemCommand({ TableName: 'audit', Item: { id: { S: id } } }));
});
