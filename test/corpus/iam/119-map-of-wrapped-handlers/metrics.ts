import { CloudWatchClient, PutMetricDataCommand, StandardUnit } from '@aws-sdk/client-cloudwatch';

const cloudwatch = new CloudWatchClient({});

export function withMetrics<Event, Result>(name: string, run: (event: Event) => Promise<Result>) {
  return async (event: Event): Promise<Result> => {
    const began = performance.now();
    try {
      return await run(event);
    } finally {
      await cloudwatch.send(
        new PutMetricDataCommand({ Namespace: 'App', MetricData: [{ MetricName: name, Unit: StandardUnit.Milliseconds, Value: performance.now() - began }] }),
      );
    }
  };
}
