import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';

export abstract class Job {
  protected static readonly events = new EventBridgeClient({});
  abstract work(id: string): Promise<void>;

  async run(id: string): Promise<void> {
    await this.work(id);
    await this.done(id);
  }

  protected async done(id: string): Promise<void> {
    await Job.events.send(new PutEventsCommand({ Entries: [{ Source: 'jobs', DetailType: this.constructor.name, Detail: JSON.stringify({ id }) }] }));
  }
}

export abstract class LoudJob extends Job {
  protected override async done(id: string) {
    await super.done(id);
    await new SNSClient({}).send(new PublishCommand({ TopicArn: 'arn:aws:sns:us-east-1:123456789012:loud', Message: id }));
  }
}
