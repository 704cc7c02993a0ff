// The chat of examples/, run by `goblet dev` in a folder of its own, and people who talk there.
import { once } from 'node:events'
import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { WebSocket } from 'ws'
import { callJson } from './dev.ts'

const EXAMPLE = fileURLToPath(new URL('../../examples/websocket-chat/', import.meta.url))

/** A copy of the example; `remove` takes it away again. */
export function copyChat(): { readonly folder: string; remove(): void } {
  const folder = mkdtempSync(join(tmpdir(), 'chat-'))
  for (const file of ['app.ts', 'page.ts']) cpSync(join(EXAMPLE, file), join(folder, file))
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) }
}

export interface Said {
  readonly messages?: readonly { readonly user_name: string; readonly content: string }[]
  readonly error?: string
  readonly Code?: string
}

/** Somebody in a room. */
export interface Guest {
  readonly heard: readonly Said[]
  say(message: object): void
  /** Resolves once this many messages came in all. */
  hears(count: number): Promise<readonly Said[]>
  leave(): Promise<void>
}

/** Enters a room of the chat at this address. Rejects when the door stays closed. */
export async function enter(http: string, room: string): Promise<Guest> {
  const socket = new WebSocket(`${http.replace('http', 'ws')}/dev?room_name=${encodeURIComponent(room)}`)
  const heard: Said[] = []
  socket.on('message', (data) => heard.push(JSON.parse(String(data))))
  await once(socket, 'open')
  return {
    heard,
    say: (message) => socket.send(JSON.stringify(message)),
    hears: async (count) => {
      while (heard.length < count) await once(socket, 'message', { signal: AbortSignal.timeout(10_000) })
      return heard
    },
    leave: async () => {
      if (socket.readyState === WebSocket.CLOSED) return
      socket.close(1000)
      await once(socket, 'close')
    },
  }
}

/** Who the table says is connected. */
export async function connected(aws: string): Promise<readonly { readonly id: string; readonly room: string }[]> {
  const input = { TableName: 'websocket-chat-dev-connections', ConsistentRead: true }
  type Text = { readonly S: string }
  type Row = { readonly connection_id: Text; readonly room_name: Text }
  const { Items } = await callJson<{ Items: readonly Row[] }>(aws, 'DynamoDB_20120810.Scan', input)
  return Items.map(({ connection_id, room_name }) => ({ id: connection_id.S, room: room_name.S }))
}
