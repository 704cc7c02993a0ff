import { CloudWatch } from '@aws-sdk/client-cloudwatch';
import { FirehoseClient, PutRecordBatchCommand } from '@aws-sdk/client-firehose';

const firehose = new FirehoseClient({});
const cloudwatch = new CloudWatch({});
const { STREAM: DeliveryStreamName } = process.env;

export async function handler(events) {
  const Records = events.map((event) => ({ Data: Buffer.from(`${JSON.stringify(event)}\n`) }));
  const { FailedPutCount } = await firehose.send(new PutRecordBatchCommand({ DeliveryStreamName, Records }));
  await cloudwatch.putMetricData({
    Namespace: 'Clicks',
    MetricData: [{ MetricName: 'Failed', Value: FailedPutCount, Unit: 'Count' }],
  });
}
