// Topics, the functions that are subscribed to them, and the queues.
import type { SubscriptionModel, TopicModel, TopicTriggerModel } from '../../model/index.ts'
import { logicalId, queuePolicyId, resourceId } from '../ids.ts'
import { aliasArn, arnOf, findResource, type Making } from '../template/making.ts'
import { toPermission } from '../template/permission.ts'
import type { Part, Properties } from '../template.ts'

export function topicResource({ name, physicalName, existing, fifo, contentBasedDeduplication }: TopicModel): Part {
  if (existing) return {}
  const properties = {
    TopicName: physicalName,
    ...(fifo ? { FifoTopic: true, ContentBasedDeduplication: contentBasedDeduplication } : {}),
  }
  return { [resourceId('topic', name)]: { Type: 'AWS::SNS::Topic', Properties: properties } }
}

const toFilter = ({ filter, filterScope }: Pick<SubscriptionModel, 'filter' | 'filterScope'>): Properties =>
  filter === undefined ? {} : { FilterPolicy: filter, FilterPolicyScope: filterScope }

// A topic of another region has its subscriptions there.
function toPlace(topic: string, making: Making): Properties {
  const [, , , region = ''] = topic.startsWith('arn:') ? topic.split(':') : []
  return {
    TopicArn: arnOf('topic', topic, making),
    ...(region === '' || region === making.model.region ? {} : { Region: region }),
  }
}

export function topic(trigger: TopicTriggerModel, making: Making): Part {
  const { function: name, deadLetter } = trigger
  const redrive =
    deadLetter === undefined ? {} : { RedrivePolicy: { deadLetterTargetArn: arnOf('queue', deadLetter, making) } }
  return {
    ...toPermission(name, { principal: 'sns.amazonaws.com', source: arnOf('topic', trigger.topic, making) }),
    [logicalId('Subscription', name)]: {
      Type: 'AWS::SNS::Subscription',
      Properties: {
        ...toPlace(trigger.topic, making),
        Protocol: 'lambda',
        Endpoint: aliasArn(name),
        ...toFilter(trigger),
        ...redrive,
      },
    },
  }
}

/** A queue that gets what a topic publishes. */
export function toSubscription(subscription: SubscriptionModel, making: Making): Part {
  const { queue, raw } = subscription
  const { existing } = findResource('queue', queue, making)
  return {
    [logicalId('Delivery', subscription.export)]: {
      Type: 'AWS::SNS::Subscription',
      // What is published before the queue's policy is there would be lost.
      ...(existing ? {} : { DependsOn: [queuePolicyId(queue)] }),
      Properties: {
        ...toPlace(subscription.topic, making),
        Protocol: 'sqs',
        Endpoint: arnOf('queue', queue, making),
        RawMessageDelivery: raw,
        ...toFilter(subscription),
      },
    },
  }
}
