// Plain Lambda handlers on every trigger: the event as AWS sends it, the result as it was given; middy and callbacks included.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { pathToFileURL } from 'node:url'
import { start, type TestCloud } from '../../src/testing/index.ts'
import { openFolder } from '../support/web-project.ts'

const APP = `
import middy from '@middy/core'
import { app, bucket, bus, lambda, type Middleware, queue, raw, route, schedule, stream, table, topic, websocket } from 'goblet'

const say = (name: string) => async (event: unknown) => {
  console.log(name, JSON.stringify(event))
}
const around: Middleware = async (input, next) => {
  console.log('around', input.kind)
  return next()
}

export default app('raws', { use: [around] })
export const jobs = queue('jobs')
export const work = jobs.onMessage({ batchSize: 5 }, raw(async (event) => {
  console.log('work', JSON.stringify(event.Records.map(({ body }: { body: string }) => body)))
  return { batchItemFailures: [] }
}))
export const news = topic('news')
export const heard = news.onMessage(raw(say('heard')))
export const photos = bucket('photos')
export const stored = photos.onCreated(raw(say('stored')))
export const items = table('items', { key: 'id', stream: true })
export const changed = items.onChange(raw(say('changed')))
export const clicks = stream('clicks')
export const clicked = clicks.onRecord(raw(say('clicked')))
export const events = bus()
export const placed = events.on({ source: ['shop'] }, raw(say('placed')))
export const nightly = schedule('cron(0 3 * * ? *)', raw(say('nightly')))
export const twice = lambda(raw((event, context, callback) => callback(null, { twice: event.n * 2, name: context.functionName })))
export const chat = websocket()
export const joined = chat.onConnect(raw(async () => ({ statusCode: 200 })))
export const said = chat.onDefault(raw(async (event) => {
  console.log('said', event.requestContext.eventType, event.body)
  return { statusCode: 200 }
}))

const validated = middy()
  .use({
    before: (request) => {
      request.event.seen = true
    },
    onError: (request) => {
      request.response = { statusCode: 418, body: request.error.message }
    },
  })
  .handler(async (event: any) => {
    if (event.rawPath.endsWith('fail')) throw new Error('teapot')
    return { statusCode: 201, headers: { 'x-own': 'yes' }, cookies: ['a=1'], body: event.version + event.seen + event.pathParameters.id }
  })
export const wrapped = route('GET /wrapped/{id}', raw(validated))
export const plain = route('GET /plain', { auth: 'none' }, raw(async () => ({ hello: 'world' })))
export const typed = route('GET /typed', () => 'typed')
`

let cloud: TestCloud
let remove: () => Promise<void>
before(async () => {
  const folder = await openFolder({ 'app.ts': APP })
  remove = folder.remove
  cloud = await start(pathToFileURL(`${folder.path}/app.ts`), { clock: 'virtual' })
})
after(async () => {
  await cloud?.close()
  await remove?.()
})

test('routes: middy and all, unlike any other route of the app', async () => {
  const made = await cloud.http.get('/wrapped/7')
  assert.deepEqual([made.status, made.text, made.headers['x-own'], made.cookies], [201, '2.0true7', 'yes', ['a=1']])
  const failed = await cloud.http.get('/wrapped/fail')
  assert.deepEqual([failed.status, failed.text], [418, 'teapot'])
  assert.deepEqual((await cloud.http.get('/plain')).json, { hello: 'world' })
  assert.equal((await cloud.http.get('/typed')).text, 'typed')
  assert.ok(cloud.logs('plain').some((line) => line.endsWith('around http')))
})

test('messages, changes, records, events and schedules', async () => {
  await cloud.send('jobs', { n: 1 })
  await cloud.send('news', { n: 2 })
  await cloud.send('clicks', { n: 3 })
  await cloud.send('events', { source: 'shop', type: 'OrderPlaced', detail: { n: 4 } } as never)
  await cloud.clock.advance('24h')
  await cloud.settle()
  const told = (name: string): string => cloud.logs(name).find((line) => line.includes(`${name} `)) ?? ''
  assert.match(told('work'), /work \["\{\\"n\\":1\}"\]$/)
  assert.match(told('heard'), /"EventSource":"aws:sns"/)
  assert.match(told('clicked'), /"eventSource":"aws:kinesis"/)
  assert.match(told('placed'), /"detail-type":"OrderPlaced"/)
  assert.notEqual(told('nightly'), '')
})

test('a bucket, a table and a WebSocket API', async () => {
  const { S3Client, PutObjectCommand } = await import('@aws-sdk/client-s3')
  const { DynamoDBClient, PutItemCommand } = await import('@aws-sdk/client-dynamodb')
  const given = {
    endpoint: cloud.endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'x', secretAccessKey: 'y' },
  }
  const s3 = new S3Client({ ...given, forcePathStyle: true })
  const tables = new DynamoDBClient(given)
  await s3.send(new PutObjectCommand({ Bucket: 'raws-dev-photos-000000000000-us-east-1', Key: 'a b.txt', Body: 'x' }))
  await tables.send(new PutItemCommand({ TableName: 'raws-dev-items', Item: { id: { S: '1' } } }))
  await cloud.settle()
  assert.ok(cloud.logs('stored').some((line) => line.includes('"key":"a+b.txt"')))
  assert.ok(cloud.logs('changed').some((line) => line.includes('"NewImage":{"id":{"S":"1"}}')))
  const socket = await cloud.websocket('/')
  await socket.send('hello')
  await socket.close()
  await cloud.settle()
  assert.ok(cloud.logs('said').some((line) => line.includes('said MESSAGE hello')))
  for (const client of [s3, tables]) client.destroy()
})

test('direct invocations, with a callback', async () => {
  assert.deepEqual((await cloud.invoke('twice', { n: 21 })).result, { twice: 42, name: 'raws-dev-twice' })
})
