import { DeleteItemCommand, DynamoDBClient, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { singleton } from 'tsyringe';

@singleton()
export class CounterRepository {
  private readonly client = new DynamoDBClient({});

  increment(id: string) {
    return this.client.send(
      new UpdateItemCommand({ TableName: 'counters', Key: { id: { S: id } }, UpdateExpression: 'ADD n :one', ExpressionAttributeValues: { ':one': { N: '1' } } }),
    );
  }

  reset(id: string) {
    return this.client.send(new DeleteItemCommand({ TableName: 'counters', Key: { id: { S: id } } }));
  }
}
