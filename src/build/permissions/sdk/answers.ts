// What AWS answers, as far as it follows from what was asked.
import { idOf } from '../ast.ts'
import { just, native, one, unknown, type Values } from '../atoms.ts'
import type { Site } from '../machine.ts'
import { concatenate } from '../values.ts'

/** The answer to an operation. */
export function answerOf(service: string, operation: string | undefined, input: Values, { node, unit }: Site): Values {
  const path = `${service}.${operation ?? '*'}`
  const follows = operation === undefined ? undefined : FOLLOWS[path]
  if (follows === undefined) return just(unknown('answer', path))
  const read = (name: string | undefined, site: Site): Values =>
    name === follows.member ? follows.from(input, site) : just(unknown('answer', `${path}.${name ?? '*'}`))
  return just(native(`answer:${path}:${idOf(node)}/${unit.id}:${[...input.keys()].join()}`, { read }))
}

interface Following {
  readonly member: string
  readonly from: (input: Values, site: Site) => Values
}

const asked = (input: Values, site: Site): Values => site.machine.read(input, ['RequestItems'], site)

const url = (input: Values, site: Site): Values => {
  const { region, account } = site.machine.surroundings.place
  return concatenate([
    one(`https://sqs.${region}.amazonaws.com/${account}/`),
    site.machine.read(input, ['QueueName'], site),
  ])
}

const FOLLOWS: Readonly<Record<string, Following | undefined>> = {
  // A batch that was not done whole comes back in part.
  'dynamodb.BatchWriteItem': { member: 'UnprocessedItems', from: asked },
  'dynamodb.BatchGetItem': { member: 'UnprocessedKeys', from: asked },
  'sqs.GetQueueUrl': { member: 'QueueUrl', from: url },
  'sqs.CreateQueue': { member: 'QueueUrl', from: url },
}
