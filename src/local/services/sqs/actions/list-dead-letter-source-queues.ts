// ListDeadLetterSourceQueues: the queues whose redrive policy names this one.
import type { Action } from '../action.ts'
import { integerOf, textOf } from '../input.ts'
import { allQueues } from '../keys.ts'
import { pageOf } from '../pages.ts'
import { pathOf, type Queue, queueOf, redriveOf } from '../queue.ts'

export const listDeadLetterSourceQueues: Action = async ({ room, input, endpoint }) => {
  const { name } = queueOf(room.store, input)
  const most = integerOf(input, 'MaxResults', 1, 1000)
  const sources = [...room.store.range<Queue>(allQueues())].filter(({ value }) => redriveOf(value)?.target === name)
  const names = sources.map(({ value }) => value.name)
  const { page, next } = pageOf(names, textOf(input, 'NextToken'), most)
  // The one member of SQS that starts with a small letter.
  const queueUrls = page.map((source) => `${endpoint}${pathOf(source)}`)
  return { queueUrls, ...(next === undefined ? {} : { NextToken: next }) }
}
