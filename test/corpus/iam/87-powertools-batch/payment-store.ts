import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DeleteCommand, DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';

export class PaymentStore {
  #documents = DynamoDBDocumentClient.from(new DynamoDBClient({}));
  readonly #table: string;

  constructor({ table = process.env.TABLE ?? '' } = {}) {
    this.#table = table;
  }

  async add(payment: { id: string }) {
    await this.#documents.send(new PutCommand({ TableName: this.#table, Item: payment }));
  }

  async remove(id: string) {
    await this.#documents.send(new DeleteCommand({ TableName: this.#table, Key: { id } }));
  }
}
