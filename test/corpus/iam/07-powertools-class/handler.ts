import { Logger } from '@aws-lambda-powertools/logger';
import { Tracer } from '@aws-lambda-powertools/tracer';
import type { LambdaInterface } from '@aws-lambda-powertools/commons/types';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DeleteCommand, DynamoDBDocumentClient, QueryCommand } from '@aws-sdk/lib-dynamodb';

const logger = new Logger({ serviceName: 'cart' });
const tracer = new Tracer({ serviceName: 'cart' });
const client = tracer.captureAWSv3Client(new DynamoDBClient({}));
const documents = DynamoDBDocumentClient.from(client);

class Lambda implements LambdaInterface {
  @tracer.captureMethod()
  private async removeLine(cart: string, line: string) {
    await documents.send(new DeleteCommand({ TableName: process.env.TABLE_NAME, Key: { cart, line } }));
  }

  @tracer.captureLambdaHandler()
  @logger.injectLambdaContext({ logEvent: true })
  public async handler(event: { cart: string }, _context: unknown): Promise<void> {
    const found = await documents.send(
      new QueryCommand({ TableName: process.env.TABLE_NAME, KeyConditionExpression: 'cart = :c', ExpressionAttributeValues: { ':c': event.cart } }),
    );
    for (const item of found.Items ?? []) {
      await this.removeLine(event.cart, item.line);
    }
    logger.info('emptied', { cart: event.cart });
  }
}

const lambda = new Lambda();
export const handler = lambda.handler.bind(lambda);
