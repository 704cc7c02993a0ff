// SNS: messages to a topic, to a phone, to a device; batches are allowed by Publish.
// Source: https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsns.html
import { arnOf, EVERYTHING, isArn, need, type Resource, type Rule, type Service } from '../resource.ts'
import { type Input, isNamed, named, said, type Text } from '../text.ts'

/** A topic's ARN; of a subscription's, the part that is its topic's. */
function toTopics(input: Input): readonly Resource[] {
  const given = said(input.value, 'TopicArn', 'ResourceArn', 'SubscriptionArn')
  if (given.length > 0) return given.map((text) => toTopic(input, text))
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
  const targets = said(input.value, 'TargetArn').map(({ pattern, told }) => ({
    arn: told ? pattern : arnOf(input.place, 'sns', '*'),
    exact: told,
  }))
  const phones = isNamed(input.value, 'PhoneNumber') ? [EVERYTHING] : []
  const topics = isNamed(input.value, 'TopicArn') || targets.length + phones.length === 0 ? toTopics(input) : []
  return [need('sns:Publish', [...topics, ...targets, ...phones])]
}

export const sns: Service = {
  finders: { topic: toTopics },
  rules: { Publish: publish, PublishBatch: (input) => [need('sns:Publish', toTopics(input))] },
}
