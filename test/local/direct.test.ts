// The AWS port answers whole small requests without Node's server: whatever the pieces and their order, answers are the same.
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { after, before, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Running, runApp } from '../support/cloud.ts'
import { dial, exchange, readAnswers, toRequest } from '../support/raw.ts'

let app: Running
before(async () => {
  app = await runApp({ functions: { nothing: 'export const handler = () => 1' } })
  await call('CreateQueue', { QueueName: 'q' })
})
after(() => app[Symbol.asyncDispose]())

const JSON_TYPE = { 'content-type': 'application/x-amz-json-1.0' }
const request = (action: string, input: object, more: Record<string, string> = {}): string => {
  const headers = { ...JSON_TYPE, 'x-amz-target': `AmazonSQS.${action}`, ...more }
  return toRequest(app.cloud.aws, 'POST', '/', headers, JSON.stringify(input))
}
const call = async (action: string, input: object) => {
  const headers = { ...JSON_TYPE, 'x-amz-target': `AmazonSQS.${action}` }
  const answer = await fetch(app.cloud.aws, { method: 'POST', headers, body: JSON.stringify(input) })
  return { status: answer.status, output: JSON.parse((await answer.text()) || '{}') }
}
const QueueUrl = (): string => `${app.cloud.aws}/000000000000/q`

/** Sends the pieces one after the other, and returns what comes. */
async function inPieces(...pieces: readonly string[]): Promise<string> {
  const socket = await dial(app.cloud.aws)
  socket.setNoDelay(true)
  let text = ''
  socket.on('data', (chunk: Buffer) => {
    text += chunk.toString('latin1')
  })
  for (const piece of pieces) {
    socket.write(piece, 'latin1')
    await sleep(25)
  }
  for (let tries = 0; tries < 40 && !text.includes('\r\n\r\n'); tries++) await sleep(25)
  await sleep(50)
  socket.destroy()
  return text
}

/** Status, header names in any order, and the body without what is new every time. */
const comparable = (text: string) =>
  readAnswers(text).map(({ status, headers, body }) => ({
    status,
    headers: headers
      .filter(([name]) => !/^(date|x-amzn?-(request-?id|id-2))$/.test(name))
      .map(([name, value]) => `${name}: ${value}`)
      .sort(),
    body: body.replaceAll(/"MessageId":"[^"]*"|<(RequestId|HostId)>[^<]*/g, ''),
  }))

test('an answer is the same for a request in one piece and in several', async () => {
  for (const whole of [
    request('ListQueues', {}),
    request('SendMessage', { QueueUrl: QueueUrl(), MessageBody: 'ü🎉' }),
    request('Wrong', {}),
    toRequest(app.cloud.aws, 'GET', '/no-bucket/key'),
    toRequest(app.cloud.aws, 'HEAD', '/no-bucket'),
    toRequest(app.cloud.aws, 'OPTIONS', '/no-bucket/key'),
    request('ListQueues', {}, { origin: 'http://evil.example' }),
  ]) {
    const isHead = whole.startsWith('HEAD')
    const direct = await inPieces(Buffer.from(whole).toString('latin1'))
    const bytes = Buffer.from(whole).toString('latin1')
    for (const cut of [10, 60, bytes.indexOf('\r\n\r\n') + 4, bytes.length - 1]) {
      if (cut >= bytes.length) continue
      const split = await inPieces(bytes.slice(0, cut), bytes.slice(cut))
      if (isHead) assert.equal(direct.split('\r\n')[0], split.split('\r\n')[0])
      else assert.deepEqual(comparable(direct), comparable(split), `${whole.slice(0, 60)} cut at ${cut}`)
    }
  }
})

test('requests sent ahead are answered one after the other', async () => {
  const texts = ['one', 'two', 'three']
  const sent = texts.map((MessageBody) => request('SendMessage', { QueueUrl: QueueUrl(), MessageBody }))
  const wrong = request('Nonsense', {})
  const statuses = readAnswers(await exchange(app.cloud.aws, [...sent, wrong, request('ListQueues', {})].join('')))
  assert.deepEqual(
    statuses.map(({ status }) => status),
    [200, 200, 200, 400, 200],
  )
  // The one in the middle is Node's to read, and what comes after it, too.
  const chunked = request('ListQueues', {}).replace(/content-length: \d+\r\n/i, 'transfer-encoding: chunked\r\n')
  const mixed = `${sent[0]}${chunked.slice(0, -2)}2\r\n{}\r\n0\r\n\r\n${wrong}`
  assert.deepEqual(
    readAnswers(await exchange(app.cloud.aws, mixed)).map(({ status }) => status),
    [200, 200, 400],
  )
})

test('what is unusual is refused or taken as by Node', async () => {
  const usual = request('ListQueues', {})
  const cases: [string, string, number][] = [
    ['two lengths', usual.replace(/content-length/i, 'content-length: 0\r\ncontent-length'), 400],
    ['a length that is none', usual.replace(/content-length: \d+/i, 'content-length: +2'), 400],
    ['a length and chunks', usual.replace(/content-length/i, 'transfer-encoding: chunked\r\ncontent-length'), 400],
    ['a NUL in a header', usual.replace('x-amz-target', 'x-odd: a\0b\r\nx-amz-target'), 400],
    ['a space before a colon', usual.replace('x-amz-target:', 'x-amz-target :'), 400],
    ['no host', usual.replace(/host: [^\r]*\r\n/i, ''), 400],
    ['another host', usual.replace(/host: [^\r]*\r\n/i, 'host: evil.example\r\n'), 403],
    ['a header twice', usual.replace('x-amz-target', 'x-odd: 1\r\nx-odd: 2\r\nx-amz-target'), 200],
    ['capitals and tabs', usual.replace(/x-amz-target: ?/, 'X-AMZ-Target:\t '), 200],
    ['it waits for 100', usual.replace('x-amz-target', 'expect: 100-continue\r\nx-amz-target'), 100],
    ['HTTP/1.0', usual.replace('HTTP/1.1', 'HTTP/1.0'), 200],
    ['the whole address', usual.replace('POST /', `POST ${app.cloud.aws}/`), 200],
    ['a name of JavaScript', usual.replace('x-amz-target', '__proto__: x\r\nconstructor: y\r\nx-amz-target'), 200],
  ]
  for (const [what, bytes, status] of cases) {
    const text = await exchange(app.cloud.aws, bytes, 100)
    assert.equal(Number(text.split(' ')[1]), status, `${what}: ${text.slice(0, 300)}`)
  }
})

test('who asks to close is closed to, and who goes away while waiting has taken no message', async () => {
  const socket = await dial(app.cloud.aws)
  socket.write(request('ListQueues', {}, { connection: 'close' }))
  socket.resume()
  await once(socket, 'close')
  await call('PurgeQueue', { QueueUrl: QueueUrl() })
  const poller = await dial(app.cloud.aws)
  poller.write(request('ReceiveMessage', { QueueUrl: QueueUrl(), WaitTimeSeconds: 20 }))
  await sleep(150)
  poller.destroy()
  await sleep(100)
  await call('SendMessage', { QueueUrl: QueueUrl(), MessageBody: 'kept' })
  const { output } = await call('ReceiveMessage', { QueueUrl: QueueUrl() })
  assert.equal(output.Messages?.[0]?.Body, 'kept')
})

test('bodies of every length come whole, both ways', async () => {
  await fetch(`${app.cloud.aws}/bodies`, { method: 'PUT' })
  for (const length of [0, 1, 1000, 65_000, 66_000, 300_000, 3_000_000]) {
    const body = Buffer.alloc(length, 'x')
    body.fill('y', length >> 1)
    assert.equal((await fetch(`${app.cloud.aws}/bodies/k`, { method: 'PUT', body })).status, 200)
    const got = Buffer.from(await (await fetch(`${app.cloud.aws}/bodies/k`)).arrayBuffer())
    assert.ok(got.equals(body), `${length}: ${got.length}`)
    const head = await fetch(`${app.cloud.aws}/bodies/k`, { method: 'HEAD' })
    assert.equal(head.headers.get('content-length'), String(length))
  }
})

test('a header of an answer cannot be split by what a client sent', async () => {
  const path = '/bodies/k?response-content-disposition=a%0d%0aset-cookie:%20x'
  const text = await exchange(app.cloud.aws, toRequest(app.cloud.aws, 'GET', path), 100)
  assert.doesNotMatch(text.slice(0, text.indexOf('\r\n\r\n')), /^set-cookie/im)
})
