import { DynamoDBClient, PutItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { Job, LoudJob } from './job';

export class VisitJob extends Job {
  static #db = new DynamoDBClient({});

  static create(): VisitJob {
    return new this();
  }

  override async work(id: string) {
    await VisitJob.#db.send(
      new UpdateItemCommand({ TableName: 'visits', Key: { id: { S: id } }, UpdateExpression: 'ADD n :one', ExpressionAttributeValues: { ':one': { N: '1' } } }),
    );
  }
}

export class LoudVisitJob extends LoudJob {
  override async work(id: string) {
    await new DynamoDBClient({}).send(new PutItemCommand({ TableName: 'loud', Item: { id: { S: id } } }));
  }
}
