// The examples on MiniStack, from the first deploy to the last: everything answers, new code is live in seconds, goes back, and nothing stays behind.
import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, it } from 'node:test'
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs'
import { WebSocket } from 'ws'
import type { Place } from '../support/deployed.ts'
import { changed, jsonAt, removed, skip, textAt, until, withPlace } from '../support/life.ts'

describe('deployed to MiniStack', { skip, timeout: 170_000 }, () => {
  it('hello: answers, takes new code by one upload, goes back, and leaves nothing', () =>
    withPlace(async (place) => {
      const project = await place.project('examples/hello')
      const first = await project.deploy()
      assert.equal(first.did, 'stack')
      const { api } = first.urls
      assert.deepEqual(await jsonAt(`${api}/`), { hello: 'world' })
      assert.deepEqual(await jsonAt(`${api}/cities/seattle`), { city: 'seattle' })
      const again = await project.deploy()
      assert.deepEqual([again.did, again.mutations], ['nothing', 0])
      await changed(project, ['app.ts', "hello: 'world'", "hello: 'again'"], async () =>
        (await textAt(`${api}/`)).includes('again'),
      )
      assert.deepEqual(await removed(place, project), [])
    }))

  it('image-pipeline: a message makes a picture, with a package that is compiled', () =>
    withPlace(async (place) => {
      const project = await place.project('examples/image-pipeline')
      // MiniStack runs functions on the processor of this machine.
      await project.edit('app.ts', 'memory: 512,', `memory: 512, architecture: '${toLambda(process.arch)}',`)
      const { default: sharp } = await import('sharp')
      const picture = await sharp({ create: { width: 20, height: 20, channels: 3, background: '#123' } })
        .png()
        .toBuffer()
      const server = createServer((_, response) => response.end(picture))
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
      try {
        const { urls } = await project.deploy()
        const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/rocket.png`
        await send(place, 'imager-dev-imager-queue', { filename: 'rocket.webp', url })
        const answer = await until(
          () => fetch(`${urls.api}/photos/rocket.webp`),
          ({ status }) => status === 200,
        )
        assert.deepEqual([answer.status, answer.headers.get('content-type')], [200, 'image/webp'])
        assert.equal((await sharp(await answer.arrayBuffer()).metadata()).width, 20)
        assert.match(await textAt(`${urls.api}/`), /1 photos/)
        await changed(project, ['app.ts', '} photos<', '} pictures<'], async () =>
          (await textAt(`${urls.api}/`)).includes('1 pictures'),
        )
        assert.deepEqual(await removed(place, project, '--data'), [])
      } finally {
        server.close()
      }
    }))

  it('websocket-chat: two people talk, and nothing stays behind', () =>
    withPlace(async (place) => {
      const project = await place.project('examples/websocket-chat')
      const { urls } = await project.deploy()
      const heard: string[] = []
      const people = await Promise.all(['ada', 'bob'].map(() => join(`${urls.websockets.chat}?room_name=r`, heard)))
      people[0]?.send(JSON.stringify({ action: 'sendMessage', user_name: 'ada', content: 'Hello' }))
      await until(
        async () => heard.length,
        (count) => count === 2,
      )
      const message = JSON.stringify({ messages: [{ user_name: 'ada', content: 'Hello' }] })
      assert.deepEqual(heard, [message, message])
      people[1]?.send(JSON.stringify({ action: 'getRecentMessages' }))
      await until(
        async () => heard.length,
        (count) => count > 2,
      )
      // MiniStack sends what a function returns beside what it posts; API Gateway does so only with a route response.
      assert.deepEqual(new Set(heard), new Set([message]))
      for (const one of people) one.close()
      await changed(project, ['page.ts', '<title>', '<title>New: '], async () =>
        (await textAt(`${urls.api}/`)).includes('<title>New: '),
      )
      const rooms = await until(
        () => jsonAt(`${urls.api}/rooms`),
        (found) => Array.isArray(found) && found.length === 1,
      )
      assert.deepEqual((rooms as { room_name: string; messages: number }[])[0]?.messages, 1)
      assert.deepEqual(await removed(place, project, '--data'), [])
    }))
})

const toLambda = (processor: string): string => (processor === 'arm64' ? 'arm64' : 'x86_64')

async function send(place: Place, queue: string, body: object): Promise<void> {
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' }
  const client = new SQSClient({ endpoint: place.endpoint, region: 'us-east-1', credentials })
  const QueueUrl = `${place.endpoint}/000000000000/${queue}`
  await client.send(new SendMessageCommand({ QueueUrl, MessageBody: JSON.stringify(body) }))
  client.destroy()
}

function join(url: string, heard: string[]): Promise<WebSocket> {
  const socket = new WebSocket(url)
  socket.on('message', (data) => heard.push(String(data)))
  return new Promise((resolve, reject) => {
    socket.once('open', () => resolve(socket))
    socket.once('error', reject)
  })
}
