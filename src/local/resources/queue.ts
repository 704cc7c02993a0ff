// A queue of the app, made in SQS.
import type { Model, QueueModel } from '../../model/index.ts'
import type { Hub } from '../hub.ts'
import { ACCOUNT, REGION } from '../service.ts'

export const makeQueue = (made: QueueModel, { queues, model }: Hub): Promise<unknown> =>
  queues.ensureQueue(made.physicalName, toAttributes(made, model))

/** The ARN of the app's queue of this declared name, when there is one. */
export function queueArn(name: string, model: Model): string | undefined {
  const found = model.resources.find((one) => one.kind === 'queue' && one.name === name)
  return found === undefined ? undefined : `arn:aws:sqs:${REGION}:${ACCOUNT}:${found.physicalName}`
}

function toAttributes(made: QueueModel, model: Model): Record<string, string> {
  const attributes: Record<string, string> = {
    VisibilityTimeout: String(made.visibility),
    MessageRetentionPeriod: String(made.retention),
    DelaySeconds: String(made.delay),
  }
  if (made.fifo) {
    attributes.FifoQueue = 'true'
    attributes.ContentBasedDeduplication = String(made.contentBasedDeduplication)
  }
  const { deadLetter } = made
  const deadLetterTargetArn = deadLetter === undefined ? undefined : queueArn(deadLetter.queue, model)
  if (deadLetter !== undefined && deadLetterTargetArn !== undefined)
    attributes.RedrivePolicy = JSON.stringify({ deadLetterTargetArn, maxReceiveCount: deadLetter.after })
  return attributes
}
