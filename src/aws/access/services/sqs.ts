// SQS: queues by their URL; batches are allowed by the action for one message.
// Source: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-api-permissions-reference.html
import { arnOf, isArn, type Resource, type Service } from '../resource.ts'
import { type Input, isLeftOut, named, said, type Text } from '../text.ts'

function toQueues(input: Input): readonly Resource[] {
  // Moves of messages name the dead-letter queue by its ARN.
  const moved = said(input.value, 'SourceArn')
  if (moved.length > 0)
    return moved.map(({ pattern, told }) => ({ arn: told ? pattern : arnOf(input.place, 'sqs', '*'), exact: told }))
  if (!isLeftOut(input.value, 'QueueUrl')) return named(input, 'QueueUrl').map((url) => byUrl(input, url))
  const [owner] = said(input.value, 'QueueOwnerAWSAccountId')
  const account = owner?.pattern ?? input.place.account
  return named(input, 'QueueName').map(({ pattern, told }) => ({
    arn: arnOf({ ...input.place, account }, 'sqs', pattern),
    exact: told,
  }))
}

/** `https://sqs.<region>.amazonaws.com/<account>/<name>`, other forms of host, a local one, or just the name. */
function byUrl({ place }: Input, { pattern, told }: Text): Resource {
  if (isArn(pattern)) return { arn: pattern, exact: told }
  const [, host = '', path = pattern] = /^https?:\/\/([^/]*)\/(.*)$/.exec(pattern) ?? []
  const [name = '*', account] = path
    .split('/')
    .filter((part) => part !== '')
    .reverse()
  const region = /^(?:sqs\.)?([a-z]{2}(?:-[a-z]+)+-\d)\.(?:queue\.)?(?:amazonaws|api\.aws)/.exec(host)?.[1]
  const here = {
    ...place,
    region: region ?? (account === '*' ? '*' : place.region),
    account: account !== undefined && /^(\d{12}|\*)$/.test(account) ? account : place.account,
  }
  return { arn: arnOf(here, 'sqs', name === '' ? '*' : name), exact: told && /[a-z0-9]/i.test(name) }
}

export const sqs: Service = {
  finders: { queue: toQueues },
  renamed: {
    ChangeMessageVisibilityBatch: 'ChangeMessageVisibility',
    DeleteMessageBatch: 'DeleteMessage',
    SendMessageBatch: 'SendMessage',
  },
}
