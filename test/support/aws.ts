// Calls of the local cloud's AWS port without the SDK, and waiting for what happens there.
import assert from 'node:assert/strict'
import { setTimeout as sleep } from 'node:timers/promises'

export interface SqsAnswer {
  readonly Messages?: readonly { readonly MessageId: string; readonly ReceiptHandle: string; readonly Body: string }[]
  readonly MessageId?: string
  readonly Attributes?: Readonly<Record<string, string>>
}

/** The URL of a queue of the local account. */
export const urlOf = (endpoint: string, queue: string): string => `${endpoint}/000000000000/${queue}`

/** One operation of SQS. Throws what SQS answers when it is refused. */
export async function sqs(endpoint: string, operation: string, input: object): Promise<SqsAnswer> {
  const headers = { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': `AmazonSQS.${operation}` }
  const answer = await fetch(endpoint, { method: 'POST', headers, body: JSON.stringify(input) })
  const text = await answer.text()
  assert.equal(answer.status, 200, text)
  return text === '' ? {} : JSON.parse(text)
}

export interface Counts {
  readonly visible: number
  readonly hidden: number
}

/** How many messages a queue holds. */
export async function countsOf(endpoint: string, queue: string): Promise<Counts> {
  const { Attributes = {} } = await sqs(endpoint, 'GetQueueAttributes', {
    QueueUrl: urlOf(endpoint, queue),
    AttributeNames: ['All'],
  })
  return {
    visible: Number(Attributes.ApproximateNumberOfMessages) + Number(Attributes.ApproximateNumberOfMessagesDelayed),
    hidden: Number(Attributes.ApproximateNumberOfMessagesNotVisible),
  }
}

/** Waits until `asked` gives something true, and returns it. Fails after `seconds`, showing what it gave last. */
export async function until<T>(what: string, asked: () => T | Promise<T>, seconds = 20): Promise<T> {
  const end = performance.now() + seconds * 1000
  for (;;) {
    const found = await asked()
    if (Boolean(found) === true) return found
    if (performance.now() > end) assert.fail(`${what}: not within ${seconds} s`)
    await sleep(10)
  }
}
