import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { settings } from './settings';

const { region, topicArn, tableName } = settings();

export const handler = async ({ id }: { id: string }) => {
  const { Item } = await new DynamoDBClient({}).send(new GetItemCommand({ TableName: tableName('users'), Key: { id: { S: id } } }));
  if (!Item) await new SNSClient({ region }).send(new PublishCommand({ TopicArn: topicArn('alarms'), Message: id }));
};
