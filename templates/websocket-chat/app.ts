// A chat with rooms: who is connected and what was said are in tables, so any function can answer for any room.
import { randomUUID } from 'node:crypto'
import { app, BadRequestError, ForbiddenError, reply, route, table, websocket } from 'goblet'
import { page } from './page.ts'

export default app('my-app', { memory: 256 })

interface Connection {
  connection_id: string
  room_name: string
  /** Milliseconds since 1970. */
  since: number
  /** Seconds since 1970: AWS ends every connection after two hours. */
  expires: number
}

interface Message {
  room_name: string
  /** When, and something that no other message has: two messages of one moment are two. */
  at: string
  user_name: string
  content: string
}

export const rooms = table<{ room_name: string; messages: number; last: string }, 'room_name'>('rooms', {
  key: 'room_name',
})
export const connections = table<Connection, 'connection_id', { byRoom: ['room_name'] }>('connections', {
  key: 'connection_id',
  indexes: { byRoom: ['room_name'] },
  ttl: 'expires',
})
export const messages = table<Message, ['room_name', 'at']>('messages', { key: ['room_name', 'at'] })

export const chat = websocket('chat')

/** Lets somebody into the room of `?room_name=python`. */
export const connect = chat.onConnect(async ({ connectionId, query }) => {
  const { room_name } = query
  if (room_name === undefined || room_name.trim() === '') throw new BadRequestError('Name a room: ?room_name=python')
  const now = Date.now()
  const expires = Math.ceil(now / 1000) + 2 * 3600
  await connections.put({ connection_id: connectionId, room_name, since: now, expires })
})

export const disconnect = chat.onDisconnect(({ connectionId }) => connections.delete(connectionId))

/** `{"action":"sendMessage","user_name":"ada","content":"Hello"}`: everybody in the sender's room gets it. */
export const sendMessage = chat.on('sendMessage', async ({ connectionId, body }) => {
  const room = await roomOf(connectionId, body.room_name)
  const user_name = text(body.user_name, 'user_name', 50)
  const content = text(body.content, 'content', 2000)
  const at = `${new Date().toISOString()} ${randomUUID()}`
  await messages.put({ room_name: room, at, user_name, content })
  await rooms.update(room, { last: at }, { add: { messages: 1 } })
  await broadcast(room, { messages: [{ user_name, content }] })
})

/** `{"action":"getRecentMessages"}`: the last ten messages of the room, the oldest first. What is returned is sent back. */
export const getRecentMessages = chat.on('getRecentMessages', async ({ connectionId, body }) => {
  const room = await roomOf(connectionId, body.room_name)
  const recent = await messages.query({ room_name: room }, { reverse: true, limit: 10 }).all()
  return { messages: recent.reverse().map(({ user_name, content }) => ({ user_name, content })) }
})

export const other = chat.onDefault(() => ({
  error: 'There is no such action.',
  actions: ['sendMessage', 'getRecentMessages'],
}))

export const index = route('GET /', () =>
  reply(page(chat.url), { headers: { 'content-type': 'text/html; charset=utf-8' } }),
)
export const list = route('GET /rooms', () => rooms.scan().all())

// Only the room that somebody connected to; a message that names another one is a mistake, or worse.
async function roomOf(connectionId: string, named: unknown): Promise<string> {
  const connection = await connections.get(connectionId, { consistent: true })
  if (connection === undefined) throw new ForbiddenError('This connection is in no room.')
  if (named !== undefined && named !== connection.room_name)
    throw new ForbiddenError(`This connection is in the room ${connection.room_name}.`)
  return connection.room_name
}

function text(value: unknown, name: string, most: number): string {
  if (typeof value !== 'string' || value.trim() === '') throw new BadRequestError(`The message has no ${name}.`)
  if (value.length > most) throw new BadRequestError(`${name} has more than ${most} characters.`)
  return value
}

// To AWS a connection is gone, too, while it is still being made: a row this young may be one of those.
const SETTLED = 1000

async function broadcast(room: string, data: object): Promise<void> {
  const here = await connections.query({ room_name: room }, { index: 'byRoom' }).all()
  const { gone } = await chat.sendAll(
    here.map(({ connection_id }) => connection_id),
    data,
  )
  const since = new Map(here.map((one) => [one.connection_id, one.since]))
  const stale = gone.filter((id) => Date.now() - (since.get(id) ?? 0) > SETTLED)
  await Promise.all(stale.map((id) => connections.delete(id)))
}
