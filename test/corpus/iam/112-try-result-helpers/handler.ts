import { CloudWatchClient, PutMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { DynamoDBClient, QueryCommand } from '@aws-sdk/client-dynamodb';
import { Breaker } from './breaker';

const db = new DynamoDBClient({});
const metrics = new CloudWatchClient({});

const breaker = new Breaker({
  threshold: 3,
  onOpen: () => metrics.send(new PutMetricDataCommand({ Namespace: 'Breaker', MetricData: [{ MetricName: 'Open', Value: 1 }] })),
});

export const handler = async ({ owner }: { owner: string }) => {
  const found = await breaker.run(() =>
    db.send(new QueryCommand({ TableName: 'guarded', KeyConditionExpression: 'o = :o', ExpressionAttributeValues: { ':o': { S: owner } } })),
  );
  return found.ok ? found.value.Items : [];
};
