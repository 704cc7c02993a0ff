// A topic of the app, made in SNS.
import type { Model, TopicModel } from '../../model/index.ts'
import type { Hub } from '../hub.ts'
import { ACCOUNT, REGION } from '../service.ts'

export const makeTopic = (made: TopicModel, { topics }: Hub): Promise<unknown> =>
  topics.ensureTopic(
    made.physicalName,
    made.fifo ? { FifoTopic: 'true', ContentBasedDeduplication: String(made.contentBasedDeduplication) } : {},
  )

/** The ARN of the app's topic of this declared name. */
export function topicArn(name: string, model: Model): string {
  const found = model.resources.find((one) => one.kind === 'topic' && one.name === name)
  return `arn:aws:sns:${REGION}:${ACCOUNT}:${found?.physicalName ?? name}`
}
