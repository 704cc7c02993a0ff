// What Lambda does as the function when it hands on what was given up, or how something ended.
import type { Where } from '../../errors.ts'
import type { DestinationModel } from '../resources.ts'
import { type Need, need, type Owning } from './grant.ts'

// Sources: "Retaining records of asynchronous invocations", "Dead-letter queues".
const ACTIONS = {
  queue: 'sqs:SendMessage',
  topic: 'sns:Publish',
  bucket: 's3:PutObject',
  bus: 'events:PutEvents',
  function: 'lambda:InvokeFunction',
} satisfies Record<DestinationModel['kind'], string>

export function destination(one: DestinationModel | undefined, where: Where, { arnOf }: Owning): Need[] {
  if (one === undefined) return []
  const arn = arnOf(one.kind, one.name)
  const why = `telling the ${one.kind} ${one.name}`
  if (one.kind !== 'bucket' || arn === undefined) return need(where, why, [ACTIONS[one.kind]], arn)
  return [...need(where, why, [ACTIONS.bucket], `${arn}/*`), ...need(where, why, ['s3:ListBucket'], arn)]
}
