import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DeleteCommand, DynamoDBDocumentClient, PutCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';

const documents = DynamoDBDocumentClient.from(new DynamoDBClient({}));

export default abstract class Store {
  protected readonly table: string;
  constructor(options: { table: string }) {
    this.table = options.table;
  }
  protected put(Item: Record<string, unknown>) {
    return documents.send(new PutCommand({ TableName: this.table, Item }));
  }
  protected async byIndex(IndexName: string, value: string) {
    const { Items } = await documents.send(
      new QueryCommand({ TableName: this.table, IndexName, KeyConditionExpression: '#k = :v', ExpressionAttributeNames: { '#k': IndexName }, ExpressionAttributeValues: { ':v': value } }),
    );
    return Items;
  }
  protected remove(id: string) {
    return documents.send(new DeleteCommand({ TableName: this.table, Key: { id } }));
  }
}
