// SetQueueAttributes.
import type { Action } from '../action.ts'
import { checkAttributes, withAttributes } from '../attributes.ts'
import { checkRedrive, checkRedriveAllow } from '../documents.ts'
import { pairsOf } from '../input.ts'
import { missingParameter } from '../problems.ts'
import { type Queue, queueOf, retentionOf } from '../queue.ts'
import { change } from '../room.ts'

export const setQueueAttributes: Action = async ({ room, input }) => {
  const pairs = pairsOf(input, 'Attributes')
  await change(room, ({ writer, now, due, keep }) => {
    const queue = queueOf(writer, input)
    if (pairs.length === 0) throw missingParameter('Attribute.Name')
    checkAttributes(pairs, queue.fifo)
    checkRedriveAllow(pairs)
    checkRedrive(writer, pairs, queue)
    const next: Queue = { ...queue, attributes: withAttributes(queue.attributes, pairs), modified: now }
    keep(next)
    // A shorter retention may be over for what lies there already.
    if (retentionOf(next) < retentionOf(queue)) due(queue.name, now)
  })
  return undefined
}
