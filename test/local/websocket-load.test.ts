// WebSocket clients in numbers, and such as only take or only give: what they cost has an end.
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { connectionsOf } from '../../src/runtime/connections.ts'
import { until } from '../support/aws.ts'
import { type Running, runApp } from '../support/cloud.ts'
import { connect, ECHO, toApp } from '../support/websocket.ts'

const urlOf = ({ cloud }: Running): string => cloud.websockets.get('chat') ?? assert.fail()
const OK = 'return { statusCode: 200 }'

describe('a client', () => {
  test('that pings and reads no answer is cut off before memory is full of them', async () => {
    await using running = await runApp(toApp({ $default: OK, $disconnect: OK }))
    await using deaf = await connect(urlOf(running))
    deaf.socket.pause()
    const payload = Buffer.alloc(125)
    for (let batch = 0; batch < 300 && deaf.socket.readyState === deaf.socket.OPEN; batch++) {
      for (let count = 0; count < 1_000; count++) deaf.socket.ping(payload)
      while (deaf.socket.bufferedAmount > 1_000_000) await new Promise((resolve) => setTimeout(resolve, 1))
    }
    await until('$disconnect', () => running.lines('on_disconnect').some((line) => line.startsWith('END')))
    await using other = await connect(urlOf(running))
    other.socket.ping()
    await new Promise((resolve) => other.socket.once('pong', resolve))
  })

  test('gets what a hundred others get, whole and in order', async () => {
    await using running = await runApp(toApp({ $default: ECHO }))
    const clients = await Promise.all(Array.from({ length: 100 }, () => connect(urlOf(running))))
    const ids: string[] = []
    for (const client of clients) {
      client.send('who')
      ids.push((await client.json()).requestContext.connectionId)
    }
    const saved = { ...process.env }
    const variables = { AWS_REGION: 'us-east-1', AWS_ACCESS_KEY_ID: 'goblet', AWS_SECRET_ACCESS_KEY: 'goblet' }
    Object.assign(process.env, variables, { GOBLET_WEBSOCKETS_BATCH: '1' })
    try {
      const gone = (): Error => assert.fail()
      const chat = connectionsOf(`${running.cloud.http}/dev`, { gone, tooLarge: gone })
      const messages = Array.from({ length: 30 }, (_, number) => `${number}:${'x'.repeat(number * 1_000)}`)
      for (const message of messages) assert.deepEqual(await chat.sendAll(ids, message), { sent: 100, gone: [] })
      for (const client of clients) for (const message of messages) assert.ok((await client.next()) === message)
    } finally {
      process.env = saved
      await Promise.all(clients.map((client) => client[Symbol.asyncDispose]()))
    }
  })
})
