import { DynamoDBClient, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { action } from './registry';

const db = new DynamoDBClient({});

export class Members {
  @action('show')
  async show({ id }: { id: string }) {
    return db.send(new GetItemCommand({ TableName: 'members', Key: { id: { S: id } } }));
  }

  @action('join')
  async join({ id }: { id: string }) {
    return db.send(new PutItemCommand({ TableName: 'members', Item: { id: { S: id } } }));
  }
}
