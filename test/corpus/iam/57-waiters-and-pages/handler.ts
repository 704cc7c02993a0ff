import { CloudWatchLogs, paginateFilterLogEvents } from '@aws-sdk/client-cloudwatch-logs';
import { DynamoDBClient, waitUntilTableExists } from '@aws-sdk/client-dynamodb';
import { S3Client, waitUntilObjectExists } from '@aws-sdk/client-s3';
import { paginateGetParametersByPath, SSM } from '@aws-sdk/client-ssm';

export const handler = async () => {
  await waitUntilTableExists({ client: new DynamoDBClient({}), maxWaitTime: 60 }, { TableName: 'made' });
  await waitUntilObjectExists({ client: new S3Client({}), maxWaitTime: 30 }, { Bucket: 'drop', Key: 'ready.txt' });
  const names: (string | undefined)[] = [];
  for await (const { Parameters = [] } of paginateGetParametersByPath({ client: new SSM({}) }, { Path: '/app/prod', Recursive: true }))
    names.push(...Parameters.map(({ Name }) => Name));
  for await (const { events = [] } of paginateFilterLogEvents({ client: new CloudWatchLogs({}) }, { logGroupName: '/aws/lambda/shop' }))
    names.push(...events.map(({ message }) => message));
  return names;
};
