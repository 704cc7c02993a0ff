import { DynamoDBClient, PutItemCommand, ScanCommand } from '@aws-sdk/client-dynamodb';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';

const FLUSH = Symbol('flush');

class Ledger {
  static #db: DynamoDBClient;
  static #sqs?: SQSClient;
  static {
    this.#db = new DynamoDBClient({});
  }

  #waiting: string[] = [];

  static get sqs(): SQSClient {
    return (Ledger.#sqs ??= new SQSClient({}));
  }

  static async #store(id: string): Promise<void> {
    await Ledger.#db?.send(new PutItemCommand({ TableName: 'static', Item: { id: { S: id } } }));
  }

  add(id: string): this {
    this.#waiting.push(id);
    return this;
  }

  async [FLUSH](): Promise<void> {
    for (const id of this.#waiting.splice(0)) await Ledger.#store(id);
    await Ledger.sqs.send?.(new SendMessageCommand({ QueueUrl: 'https://sqs.us-east-1.amazonaws.com/123456789012/static', MessageBody: 'flushed' }));
  }

  async everything() {
    return Ledger.#db.send(new ScanCommand({ TableName: 'static' }));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this[FLUSH]();
  }
}

export const handler = async (ids: string[]) => {
  await using ledger = new Ledger();
  for (const id of ids) ledger.add(id);
};
