// TagQueue and UntagQueue.
import type { Action } from '../action.ts'
import { pairsOf, textsOf } from '../input.ts'
import { queueKey } from '../keys.ts'
import { missingParameter } from '../problems.ts'
import { type Queue, queueOf } from '../queue.ts'
import { change } from '../room.ts'
import { checkTags } from '../tags.ts'

export const tagQueue: Action = async ({ room, input }) => {
  const pairs = pairsOf(input, 'Tags')
  await change(room, ({ writer }) => {
    const queue = queueOf(writer, input)
    if (pairs.length === 0) throw missingParameter('Tags')
    const tags = [...new Map([...queue.tags, ...pairs])]
    checkTags(tags)
    writer.put(queueKey(queue.name), { ...queue, tags } satisfies Queue)
  })
  return undefined
}

export const untagQueue: Action = async ({ room, input }) => {
  const keys = new Set(textsOf(input, 'TagKeys'))
  await change(room, ({ writer }) => {
    const queue = queueOf(writer, input)
    if (keys.size === 0) throw missingParameter('TagKeys')
    const tags = queue.tags.filter(([key]) => !keys.has(key))
    writer.put(queueKey(queue.name), { ...queue, tags } satisfies Queue)
  })
  return undefined
}
