import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DeleteCommand, DynamoDBDocumentClient, GetCommand, PutCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';

export abstract class BaseRepository<T extends object> {
  private static client?: DynamoDBDocumentClient;
  protected readonly table = process.env.TABLE ?? '';
  protected abstract readonly prefix: string;

  protected get db(): DynamoDBDocumentClient {
    if (!BaseRepository.client) {
      BaseRepository.client = DynamoDBDocumentClient.from(new DynamoDBClient({}));
    }
    return BaseRepository.client;
  }

  async findById(id: string): Promise<T | undefined> {
    const key = { PK: `${this.prefix}#${id}`, SK: 'META' };
    return (await this.db.send(new GetCommand({ TableName: this.table, Key: key }))).Item as T | undefined;
  }

  protected async queryIndex(index: string, pk: string): Promise<T[]> {
    const { Items } = await this.db.send(
      new QueryCommand({ TableName: this.table, IndexName: index, KeyConditionExpression: 'GSI1PK = :pk', ExpressionAttributeValues: { ':pk': pk } }),
    );
    return (Items ?? []) as T[];
  }

  async save(item: T): Promise<void> {
    await this.db.send(new PutCommand({ TableName: this.table, Item: item }));
  }

  async delete(id: string): Promise<void> {
    await this.db.send(new DeleteCommand({ TableName: this.table, Key: { PK: `${this.prefix}#${id}`, SK: 'META' } }));
  }
}
