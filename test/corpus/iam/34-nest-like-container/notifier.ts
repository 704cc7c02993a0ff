import { PublishCommand, type SNSClient } from '@aws-sdk/client-sns';

export class Notifier {
  constructor(
    private readonly sns: SNSClient,
    private readonly topic: string,
  ) {}

  changed(id: string) {
    return this.sns.send(new PublishCommand({ TopicArn: this.topic, Message: JSON.stringify({ id }) }));
  }
}
