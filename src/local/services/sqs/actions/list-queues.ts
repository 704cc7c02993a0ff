// ListQueues: by name, with a prefix, in pages when MaxResults is given.
import type { Action } from '../action.ts'
import { integerOf, textOf } from '../input.ts'
import { allQueues } from '../keys.ts'
import { pageOf } from '../pages.ts'
import { pathOf, type Queue } from '../queue.ts'

export const listQueues: Action = async ({ room, input, endpoint }) => {
  const prefix = textOf(input, 'QueueNamePrefix') ?? ''
  const most = integerOf(input, 'MaxResults', 1, 1000)
  const names = [...room.store.range<Queue>(allQueues(prefix))].map(({ value }) => value.name)
  const { page, next } = pageOf(names, textOf(input, 'NextToken'), most)
  return {
    ...(page.length === 0 ? {} : { QueueUrls: page.map((name) => `${endpoint}${pathOf(name)}`) }),
    ...(next === undefined ? {} : { NextToken: next }),
  }
}
