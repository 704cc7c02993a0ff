// What Lambda does as the function when it reads a queue for it.
import type { QueueTriggerModel } from '../model.ts'
import { type Need, need, type Owning } from './grant.ts'

// Source: "Configuring Amazon SQS event source mappings", execution role permissions.
export const queue = ({ queue: name, where }: QueueTriggerModel, { arnOf }: Owning): Need[] =>
  need(
    where,
    `reading the queue ${name}`,
    ['sqs:DeleteMessage', 'sqs:GetQueueAttributes', 'sqs:ReceiveMessage'],
    arnOf('queue', name),
  )
