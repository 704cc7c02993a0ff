// CreateQueue: the same attributes again answer the same URL; different ones are refused.
import type { Action } from '../action.ts'
import { checkAttributes, defaultsOf, sameValue, withAttributes } from '../attributes.ts'
import { checkRedrive, checkRedriveAllow } from '../documents.ts'
import { pairsOf, requiredText } from '../input.ts'
import { deletedKey, queueKey } from '../keys.ts'
import { invalidAttributeName, invalidParameter, queueDeletedRecently, queueNameExists } from '../problems.ts'
import { pathOf, type Queue } from '../queue.ts'
import { change, type Room } from '../room.ts'
import { checkTags } from '../tags.ts'
import { MOURNING } from './delete-queue.ts'

export const createQueue: Action = async ({ room, input, endpoint }) => {
  const name = requiredText(input, 'QueueName')
  const pairs = pairsOf(input, 'Attributes')
  // The JSON shape calls them `tags`, the query form reads as `Tags`.
  const tags = [...pairsOf(input, 'tags'), ...pairsOf(input, 'Tags')]
  await create(room, { name, pairs, tags })
  return { QueueUrl: `${endpoint}${pathOf(name)}` }
}

interface Asked {
  readonly name: string
  readonly pairs: [string, string][]
  readonly tags: [string, string][]
  /** Whether the name of a queue deleted a moment ago may be used: the app's own queues do not wait. */
  readonly again?: boolean
}

/** Creates a queue, or leaves one with these attributes as it is. */
export async function create(room: Room, { name, pairs, tags, again = false }: Asked): Promise<void> {
  const fifo = checkName(name, pairs)
  checkAttributes(pairs, fifo)
  checkRedriveAllow(pairs)
  checkTags(tags)
  await change(room, ({ writer, now, number, keep }) => {
    checkRedrive(writer, pairs, { name, fifo })
    const found = writer.get<Queue>(queueKey(name))
    if (found !== undefined) {
      const differs = pairs.find(([attribute, value]) => !sameValue(found.attributes[attribute], value))
      if (differs !== undefined) throw queueNameExists(differs[0])
      return
    }
    if (!again && now < (writer.get<number>(deletedKey(name)) ?? -MOURNING) + MOURNING) throw queueDeletedRecently()
    writer.remove(deletedKey(name))
    const attributes = withAttributes(defaultsOf(fifo), pairs)
    keep({ name, id: number(), lane: number(), fifo, attributes, tags, created: now, modified: now })
  })
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
