import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';

const ALARMS = 'arn:aws:sns:us-east-1:123456789012:alarms';

async function publish(
  { text, topic: TopicArn = ALARMS }: { text: string; topic?: string },
  client = new SNSClient({}),
): Promise<void> {
  await client.send(new PublishCommand({ TopicArn, Message: text }));
}

export const handler = async () => {
  await publish({ text: 'fire' });
  await publish({ text: 'paper', topic: ALARMS.replace('alarms', 'news') });
};
