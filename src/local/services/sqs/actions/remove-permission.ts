// RemovePermission: takes a label's statement out of the Policy; the last one takes the Policy with it (recorded).
import type { Action } from '../action.ts'
import { requiredText } from '../input.ts'
import { readPolicy, withPolicy } from '../permissions.ts'
import { invalidValue } from '../problems.ts'
import { queueOf } from '../queue.ts'
import { change } from '../room.ts'

export const removePermission: Action = async ({ room, input }) => {
  const label = requiredText(input, 'Label')
  await change(room, ({ writer, now, keep }) => {
    const queue = queueOf(writer, input)
    const { Statement: statements } = readPolicy(queue)
    const rest = statements.filter(({ Sid }) => Sid !== label)
    if (rest.length === statements.length) throw invalidValue('Label', label, "can't find label.")
    keep(withPolicy(queue, rest, now))
  })
  return undefined
}
