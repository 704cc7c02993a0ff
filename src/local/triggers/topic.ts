// A function's subscription to a topic: SNS hands it each message as an asynchronous event.
import type { TopicTriggerModel } from '../../model/index.ts'
import { functionArn } from '../environment.ts'
import type { Hub, WantedSubscription } from '../hub.ts'
import { queueArn } from '../resources/queue.ts'
import { topicArn } from '../resources/topic.ts'

/** What SNS is to know of it; undefined where the app has no such function. */
export function toSubscription(trigger: TopicTriggerModel, { model }: Hub): WantedSubscription | undefined {
  const woken = model.functions.find(({ name }) => name === trigger.function)
  if (woken === undefined) return undefined
  const { filter, filterScope, deadLetter } = trigger
  const deadLetterTargetArn = deadLetter === undefined ? undefined : queueArn(deadLetter, model)
  return {
    topicArn: topicArn(trigger.topic, model),
    protocol: 'lambda',
    endpoint: functionArn(woken),
    attributes: {
      ...(filter === undefined ? {} : { FilterPolicy: JSON.stringify(filter), FilterPolicyScope: filterScope }),
      ...(deadLetterTargetArn === undefined ? {} : { RedrivePolicy: JSON.stringify({ deadLetterTargetArn }) }),
    },
  }
}
