import { PublishBatchCommand, SNSClient } from '@aws-sdk/client-sns';
import type { DomainEvent, Publisher } from '../publisher';

export class SnsPublisher implements Publisher {
  async publish(events: readonly DomainEvent[]): Promise<void> {
    await new SNSClient({}).send(new PublishBatchCommand({ TopicArn: process.env.TOPIC, PublishBatchRequestEntries: events.map((e, i) => ({ Id: `${i}`, Message: JSON.stringify(e) })) }));
  }
}
