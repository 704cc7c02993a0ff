import { lambda } from 'goblet'
import { counts, messages } from './tables.ts'

export const reader = lambda(async ({ room, user }: { room: string; user: string }) => {
  const one = await messages.get({ room, at: 1 })
  const all = await messages.query({ room, at: { after: 3 } }, { limit: 5 }).all()
  const theirs = await messages.query({ user }, { index: 'byUser', reverse: true }).first()
  return { one, all, theirs }
})

export const writer = lambda(async ({ room }: { room: string }) => {
  await messages.put({ room, at: Date.now(), text: 'x' }, { if: { room: { exists: false } } })
  await counts.update(room, {}, { add: { n: 1 } })
  await messages.delete({ room, at: 1 })
})

export const mover = lambda(({ room, to }: { room: string; to: string }) =>
  messages.transact([
    { delete: { room, at: 1 } },
    { put: { room: to, at: 1 } },
    { table: counts, update: room, add: { n: -1 } },
  ]),
)

export const bulk = lambda(async ({ room }: { room: string }) => {
  await messages.batchGet([{ room, at: 1 }, { room, at: 2 }])
  await messages.batchWrite({ put: [{ room, at: 3 }], delete: [{ room, at: 4 }] })
  return counts.scan().count()
})

export const count = messages.onChange({ batchSize: 50 }, async (change) => {
  if (change.type === 'insert') await counts.update(change.keys.room, {}, { add: { messages: 1 } })
})
