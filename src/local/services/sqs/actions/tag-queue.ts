// TagQueue and UntagQueue.
import type { Action } from '../action.ts'
import { pairsOf, textsOf } from '../input.ts'
import { missingParameter } from '../problems.ts'
import { queueOf } from '../queue.ts'
import { change } from '../room.ts'
import { checkTags } from '../tags.ts'

export const tagQueue: Action = async ({ room, input }) => {
  const pairs = pairsOf(input, 'Tags')
  await change(room, ({ writer, keep }) => {
    const queue = queueOf(writer, input)
    if (pairs.length === 0) throw missingParameter('Tags')
    const tags = [...new Map([...queue.tags, ...pairs])]
    checkTags(tags)
    keep({ ...queue, tags })
  })
  return undefined
}

export const untagQueue: Action = async ({ room, input }) => {
  const keys = new Set(textsOf(input, 'TagKeys'))
  await change(room, ({ writer, keep }) => {
    const queue = queueOf(writer, input)
    if (keys.size === 0) throw missingParameter('TagKeys')
    const tags = queue.tags.filter(([key]) => !keys.has(key))
    keep({ ...queue, tags })
  })
  return undefined
}
