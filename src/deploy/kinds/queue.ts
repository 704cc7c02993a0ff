// Queues, who may send to them, and the functions that work them off.
import type { QueueModel, QueueTriggerModel } from '../../model/index.ts'
import { queuePolicyId, resourceId } from '../ids.ts'
import { arnOf, findResource, type Making } from '../template/making.ts'
import { filterCriteria, toMapping } from '../template/mapping.ts'
import { type Part, ref } from '../template.ts'

export function queueResource(queue: QueueModel, making: Making): Part {
  const { name, physicalName, existing, fifo, deadLetter } = queue
  // The policy of what somebody else made is theirs: CloudFormation would put ours in its place.
  if (existing) return {}
  const properties = {
    QueueName: physicalName,
    ...(fifo ? { FifoQueue: true, ContentBasedDeduplication: queue.contentBasedDeduplication } : {}),
    VisibilityTimeout: queue.visibility,
    MessageRetentionPeriod: queue.retention,
    DelaySeconds: queue.delay,
    ...(deadLetter === undefined
      ? {}
      : {
          RedrivePolicy: {
            deadLetterTargetArn: arnOf('queue', deadLetter.queue, making),
            maxReceiveCount: deadLetter.after,
          },
        }),
  }
  return {
    [resourceId('queue', name)]: { Type: 'AWS::SQS::Queue', Properties: properties },
    ...toPolicy(name, making),
  }
}

/** The topics that hand on to the queue: their subscriptions, and those whose dead letters it gets. */
function sendersOf(name: string, { model }: Making): string[] {
  const topics = [
    ...model.subscriptions.filter((one) => one.queue === name).map((one) => one.topic),
    ...model.triggers.flatMap((one) => (one.kind === 'topic' && one.deadLetter === name ? [one.topic] : [])),
  ]
  return [...new Set(topics)].sort()
}

// Sources: "Subscribing an Amazon SQS queue to an Amazon SNS topic", "Amazon SNS dead-letter queues".
function toPolicy(name: string, making: Making): Part {
  const topics = sendersOf(name, making)
  if (topics.length === 0) return {}
  const statement = {
    Effect: 'Allow',
    Principal: { Service: 'sns.amazonaws.com' },
    Action: 'sqs:SendMessage',
    Resource: arnOf('queue', name, making),
    Condition: { ArnEquals: { 'aws:SourceArn': topics.map((topic) => arnOf('topic', topic, making)) } },
  }
  const properties = {
    Queues: [ref(resourceId('queue', name))],
    PolicyDocument: { Version: '2012-10-17', Statement: [statement] },
  }
  return { [queuePolicyId(name)]: { Type: 'AWS::SQS::QueuePolicy', Properties: properties } }
}

export function queue(trigger: QueueTriggerModel, making: Making): Part {
  const { fifo } = findResource('queue', trigger.queue, making)
  return toMapping(trigger.function, {
    EventSourceArn: arnOf('queue', trigger.queue, making),
    BatchSize: trigger.batchSize,
    // Lambda refuses it for FIFO queues, even 0. Source: CreateEventSourceMapping.
    ...(fifo ? {} : { MaximumBatchingWindowInSeconds: trigger.window }),
    ...filterCriteria(trigger.filter),
    ...(trigger.concurrency === undefined ? {} : { ScalingConfig: { MaximumConcurrency: trigger.concurrency } }),
  })
}
