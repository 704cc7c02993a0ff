import { EventBridgeClient, PutEventsCommand, type PutEventsRequestEntry } from '@aws-sdk/client-eventbridge';
import type { DomainEvent, Publisher } from '../publisher';

export class EventBridgePublisher implements Publisher {
  constructor(
    private readonly bus: string,
    private readonly client: EventBridgeClient = new EventBridgeClient({}),
  ) {}

  async publish(events: readonly DomainEvent[]): Promise<void> {
    const entries = events.map((event) => this.toEntry(event));
    for (let i = 0; i < entries.length; i += 10) {
      await this.client.send(new PutEventsCommand({ Entries: entries.slice(i, i + 10) }));
    }
  }

  private toEntry(event: DomainEvent): PutEventsRequestEntry {
    return { EventBusName: this.bus, Source: 'shop', DetailType: event.type, Detail: JSON.stringify(event.detail) };
  }
}
