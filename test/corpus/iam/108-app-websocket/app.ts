import { app, lambda, table, websocket } from 'goblet'

export default app('room')

export const members = table('members', { key: 'id' })
export const room = websocket('room')

export const arrive = room.onConnect(async ({ connectionId }) => {
  await members.put({ id: connectionId })
})
export const leave = room.onDisconnect(async ({ connectionId }) => {
  await members.delete(connectionId)
})
export const say = room.on('say', async ({ body }) => {
  const all = await members.scan().all()
  await room.sendAll(all.map(({ id }) => id), body)
})
export const kick = lambda(({ id }: { id: string }) => room.close(id))
