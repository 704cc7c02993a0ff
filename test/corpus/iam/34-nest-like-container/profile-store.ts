import { type DynamoDBClient, GetItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';

export class ProfileStore {
  constructor(
    private readonly client: DynamoDBClient,
    private readonly options: { table: string },
  ) {}

  load(id: string) {
    return this.client.send(new GetItemCommand({ TableName: this.options.table, Key: { id: { S: id } } }));
  }

  setName(id: string, name: string) {
    return this.client.send(
      new UpdateItemCommand({
        TableName: this.options.table,
        Key: { id: { S: id } },
        UpdateExpression: 'SET #n = :n',
        ExpressionAttributeNames: { '#n': 'name' },
        ExpressionAttributeValues: { ':n': { S: name } },
      }),
    );
  }
}
