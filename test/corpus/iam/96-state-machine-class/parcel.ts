import { DeleteItemCommand, DynamoDBClient, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';

const db = new DynamoDBClient({});
const sqs = new SQSClient({});

export class Parcel {
  constructor(readonly id: string) {}

  async onShip() {
    await this.#set('shipped');
  }

  async onRefuse() {
    await this.#set('refused');
    await sqs.send(new SendMessageCommand({ QueueUrl: 'https://sqs.us-east-1.amazonaws.com/123456789012/returns', MessageBody: this.id }));
  }

  async onLose() {
    await db.send(new DeleteItemCommand({ TableName: 'parcels', Key: { id: { S: this.id } } }));
  }

  async #set(state: string) {
    await db.send(
      new UpdateItemCommand({ TableName: 'parcels', Key: { id: { S: this.id } }, UpdateExpression: 'SET s = :s', ExpressionAttributeValues: { ':s': { S: state } } }),
    );
  }
}
