// SNS: messages to a topic, to a phone, to a device; batches are allowed by Publish.
// Source: https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsns.html
import { arnOf, EVERYTHING, isArn, need, type Resource, type Rule, type Service } from '../resource.ts'
import { at, type Input, isLeftOut, named, type Text, texts } from '../text.ts'

/** A topic's ARN; of a subscription's, the part that is its topic's. */
function toTopics(input: Input): readonly Resource[] {
  const given = ['TopicArn', 'ResourceArn', 'TargetArn', 'SubscriptionArn'].flatMap((name) =>
    texts(at(input.value, name)),
  )
  const told = given.filter((text) => text.told)
  if (told.length > 0) return told.map((text) => toTopic(input, text))
  return named(input, 'Name').map(({ pattern, told }) => ({ arn: arnOf(input.place, 'sns', pattern), exact: told }))
}

function toTopic({ place }: Input, { pattern, told }: Text): Resource {
  if (!isArn(pattern))
    return {
      arn: arnOf(place, 'sns', pattern.startsWith('*') ? (pattern.split(':').pop() ?? '*') : pattern),
      exact: told,
    }
  return { arn: pattern.split(':').slice(0, 6).join(':'), exact: told }
}

/** A phone has no ARN: whoever may send to phones may send to everything. A device's endpoint has its own. */
const publish: Rule = (input) => {
  const targets = texts(at(input.value, 'TargetArn')).filter(({ told }) => told)
  if (!isLeftOut(input.value, 'PhoneNumber') && isLeftOut(input.value, 'TopicArn') && targets.length === 0)
    return [need('sns:Publish', [EVERYTHING])]
  return [
    need(
      'sns:Publish',
      targets.length > 0 ? targets.map(({ pattern, told }) => ({ arn: pattern, exact: told })) : toTopics(input),
    ),
  ]
}

export const sns: Service = {
  finders: { topic: toTopics },
  rules: { Publish: publish, PublishBatch: (input) => [need('sns:Publish', toTopics(input))] },
}
