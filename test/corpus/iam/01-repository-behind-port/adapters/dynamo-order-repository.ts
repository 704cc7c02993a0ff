import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DeleteCommand, DynamoDBDocumentClient, GetCommand, PutCommand, ScanCommand } from '@aws-sdk/lib-dynamodb';
import type { Order, OrderRepository } from '../domain/order-repository';

export class DynamoOrderRepository implements OrderRepository {
  private readonly client: DynamoDBDocumentClient;

  constructor(private readonly tableName: string, client = new DynamoDBClient({})) {
    this.client = DynamoDBDocumentClient.from(client, { marshallOptions: { removeUndefinedValues: true } });
  }

  async byId(id: string): Promise<Order | undefined> {
    const { Item } = await this.client.send(new GetCommand({ TableName: this.tableName, Key: { id } }));
    return Item as Order | undefined;
  }

  async save(order: Order): Promise<void> {
    await this.client.send(new PutCommand({ TableName: this.tableName, Item: order }));
  }

  async remove(id: string): Promise<void> {
    await this.client.send(new DeleteCommand({ TableName: this.tableName, Key: { id } }));
  }

  async all(): Promise<Order[]> {
    const { Items = [] } = await this.client.send(new ScanCommand({ TableName: this.tableName }));
    return Items as Order[];
  }
}
