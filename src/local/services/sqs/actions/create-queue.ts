// CreateQueue: the same attributes again answer the same URL; different ones are refused.
import type { Action } from '../action.ts'
import { checkAttributes, checkRedrive, defaultsOf, sameValue, withAttributes } from '../attributes.ts'
import { pairsOf, requiredText } from '../input.ts'
import { queueKey } from '../keys.ts'
import { invalidAttributeName, invalidParameter, queueNameExists } from '../problems.ts'
import { pathOf, type Queue } from '../queue.ts'
import { change } from '../room.ts'
import { checkTags } from '../tags.ts'

export const createQueue: Action = async ({ room, input, endpoint }) => {
  const name = requiredText(input, 'QueueName')
  const pairs = pairsOf(input, 'Attributes')
  // The JSON shape calls them `tags`, the query form reads as `Tags`.
  const tags = [...pairsOf(input, 'tags'), ...pairsOf(input, 'Tags')]
  const fifo = checkName(name, pairs)
  checkAttributes(pairs, fifo)
  checkTags(tags)
  await change(room, ({ writer, now, number }) => {
    checkRedrive(writer, pairs, fifo)
    const found = writer.get<Queue>(queueKey(name))
    if (found !== undefined) {
      const differs = pairs.find(([attribute, value]) => !sameValue(found.attributes[attribute], value))
      if (differs !== undefined) throw queueNameExists(differs[0])
      return
    }
    const attributes = withAttributes(defaultsOf(fifo), pairs)
    const queue: Queue = { name, id: number(), lane: number(), fifo, attributes, tags, created: now, modified: now }
    writer.put(queueKey(name), queue)
  })
  return { QueueUrl: `${endpoint}${pathOf(name)}` }
}

// Answers whether it is the name of a FIFO queue. Source: recorded answers; API reference of CreateQueue.
function checkName(name: string, pairs: readonly [string, string][]): boolean {
  const asked = pairs.find(([attribute]) => attribute === 'FifoQueue')?.[1]
  if (asked === 'true') {
    if (name.length > 80 || !/^[\w-]+\.fifo$/.test(name))
      throw invalidParameter(
        'The name of a FIFO queue can only include alphanumeric characters, hyphens, or underscores, must end with .fifo suffix and be 1 to 80 in length.',
      )
    return true
  }
  if (!/^[\w-]{1,80}$/.test(name))
    throw invalidParameter('Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length')
  if (asked !== undefined) throw invalidAttributeName('FifoQueue')
  return false
}
