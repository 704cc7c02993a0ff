import { SQS } from '@aws-sdk/client-sqs';

class Queue {
  static readonly #sqs = new SQS({});
  readonly #url: string;
  private constructor(url: string) {
    this.#url = url;
  }
  static fromEnv(name: 'SOURCE' | 'DEAD'): Queue {
    const url = process.env[name];
    if (!url) throw new Error(`${name} is not set`);
    return new Queue(url);
  }
  async size(): Promise<number> {
    const { Attributes } = await Queue.#sqs.getQueueAttributes({ QueueUrl: this.#url, AttributeNames: ['ApproximateNumberOfMessages'] });
    return Number(Attributes?.ApproximateNumberOfMessages ?? 0);
  }
  async *messages() {
    while (true) {
      const { Messages = [] } = await Queue.#sqs.receiveMessage({ QueueUrl: this.#url, MaxNumberOfMessages: 10 });
      if (Messages.length === 0) return;
      yield* Messages;
    }
  }
  push = (MessageBody: string) => Queue.#sqs.sendMessage({ QueueUrl: this.#url, MessageBody });
  remove = (ReceiptHandle: string) => Queue.#sqs.deleteMessage({ QueueUrl: this.#url, ReceiptHandle });
  purge = () => Queue.#sqs.purgeQueue({ QueueUrl: this.#url });
}

export const handler = async () => {
  const [source, dead] = [Queue.fromEnv('SOURCE'), Queue.fromEnv('DEAD')];
  if ((await dead.size()) === 0) return;
  for await (const { Body, ReceiptHandle } of dead.messages()) {
    await source.push(Body ?? '');
    await dead.remove(ReceiptHandle ?? '');
  }
};
