import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { names } from './names';

export const handler = async ({ id }: { id: string }) => {
  const { Parameter } = await new SSMClient({}).send(new GetParameterCommand({ Name: names.parameter('limit') }));
  await new DynamoDBClient({}).send(new PutItemCommand({ TableName: names.table('orders'), Item: { id: { S: id } } }));
  await new S3Client({}).send(new PutObjectCommand({ Bucket: names.bucket('exports'), Key: id, Body: Parameter?.Value }));
};
