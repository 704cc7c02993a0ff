import { Injectable } from '@nestjs/common';
import { DynamoDBClient, PutItemCommand, ScanCommand } from '@aws-sdk/client-dynamodb';

@Injectable()
export class CatsService {
  private readonly db = new DynamoDBClient({});

  async all() {
    const { Items = [] } = await this.db.send(new ScanCommand({ TableName: 'cats' }));
    return Items.map((item) => item.name?.S);
  }

  async add(name: string) {
    await this.db.send(new PutItemCommand({ TableName: 'cats', Item: { name: { S: name } } }));
  }
}
