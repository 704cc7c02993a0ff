import { GetDocumentTextDetectionCommand, StartDocumentTextDetectionCommand, TextractClient } from '@aws-sdk/client-textract';

const textract = new TextractClient({});

export const start = async (event: { key: string }) => {
  const { JobId } = await textract.send(
    new StartDocumentTextDetectionCommand({
      DocumentLocation: { S3Object: { Bucket: process.env.DOCS, Name: event.key } },
      NotificationChannel: { RoleArn: process.env.ROLE_ARN, SNSTopicArn: 'arn:aws:sns:us-east-1:123456789012:textract' },
    }),
  );
  return JobId;
};

export const collect = async (event: { JobId: string }) => {
  const lines: string[] = [];
  let NextToken: string | undefined;
  do {
    const page = await textract.send(new GetDocumentTextDetectionCommand({ JobId: event.JobId, NextToken }));
    lines.push(...(page.Blocks ?? []).flatMap(({ Text }) => Text ?? []));
    NextToken = page.NextToken;
  } while (NextToken);
  return lines;
};
