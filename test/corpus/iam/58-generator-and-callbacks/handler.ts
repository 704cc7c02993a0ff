import { CloudWatchClient, PutMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';

const db = new DynamoDBClient({});
const sqs = new SQSClient({});

async function* jobs() {
  const { Items = [] } = await db.send(new ScanCommand({ TableName: 'jobs' }));
  yield* Items.map((item) => item.id?.S ?? '');
}

const enqueue = (MessageBody: string) =>
  sqs.send(new SendMessageCommand({ QueueUrl: 'https://sqs.us-east-1.amazonaws.com/123456789012/jobs', MessageBody }));

function retry<T>(times: number, work: () => Promise<T>): Promise<T> {
  return work().catch((error) => (times > 0 ? retry(times - 1, work) : Promise.reject(error)));
}

export const handler = () =>
  new Promise<void>((resolve, reject) => {
    (async () => {
      for await (const id of jobs()) await retry(3, () => enqueue(id));
    })()
      .then(() => new SNSClient({}).send(new PublishCommand({ TopicArn: 'arn:aws:sns:us-east-1:123456789012:done', Message: 'x' })))
      .finally(() => setTimeout(() => new CloudWatchClient({}).send(new PutMetricDataCommand({ Namespace: 'Jobs', MetricData: [] })), 0))
      .then(() => resolve(), reject);
  });
