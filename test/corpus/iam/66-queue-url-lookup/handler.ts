import { GetQueueUrlCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';

const sqs = new SQSClient({});
let url: string | undefined;

export const handler = async ({ body }: { body: string }) => {
  url ??= (await sqs.send(new GetQueueUrlCommand({ QueueName: 'looked-up' }))).QueueUrl;
  await sqs.send(new SendMessageCommand({ QueueUrl: url, MessageBody: body }));
};
