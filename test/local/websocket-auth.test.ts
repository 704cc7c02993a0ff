// Who may open a WebSocket: authorizers and signatures at $connect, and what later events say of the caller.
import assert from 'node:assert/strict'
import { createHash, createHmac } from 'node:crypto'
import { describe, test } from 'node:test'
import { type Digest, presign, sign } from '../../src/aws/signer.ts'
import type { AuthModel } from '../../src/model/index.ts'
import { type Running, runApp } from '../support/cloud.ts'
import { connect, ECHO, refused, toApp, toModule } from '../support/websocket.ts'

const OK = 'return { statusCode: 200 }'
const urlOf = ({ cloud }: Running): string => cloud.websockets.get('chat') ?? assert.fail()

const guardedBy = (identity: readonly string[] = ['$request.header.Auth']): AuthModel => ({
  kind: 'authorizer',
  function: 'guard',
  style: 'request',
  header: '',
  identity,
  ttl: 300,
})

/** An app whose $connect asks a guard with this body. */
function guarded(guard: string, auth: AuthModel = guardedBy()) {
  const app = toApp({ $connect: `console.log('CONNECT'); ${OK}`, $default: ECHO }, {}, { $connect: { auth } })
  return { ...app, functions: { ...app.functions, guard: toModule(guard) } }
}

const says = (effect: string, more = '') => `
  console.log('GUARD ' + JSON.stringify(event))
  const Statement = [{ Effect: '${effect}', Action: 'execute-api:Invoke', Resource: event.methodArn }]
  return { principalId: 'me', policyDocument: { Version: '2012-10-17', Statement }${more} }`

const headers = { Auth: 'token' }

describe('an authorizer', () => {
  test('is asked of $connect in request style, and its words stand in every event', async () => {
    await using running = await runApp(guarded(says('Allow', ", context: { role: 'admin', level: 3 }")))
    await using client = await connect(`${urlOf(running)}?room=a`, { headers })
    client.send('x')
    const { authorizer } = (await client.json()).requestContext
    assert.deepEqual(authorizer, { role: 'admin', level: '3', principalId: 'me', integrationLatency: 0 })
    const line = running.lines('guard').find((one) => one.includes('GUARD')) ?? ''
    const event = JSON.parse(line.slice(line.indexOf('{')))
    assert.equal(event.type, 'REQUEST')
    assert.equal(event.methodArn, 'arn:aws:execute-api:us-east-1:000000000000:chat000000/dev/$connect')
    assert.deepEqual(event.queryStringParameters, { room: 'a' })
    assert.equal(event.requestContext.routeKey, '$connect')
  })

  test('that denies is 403, and $connect is not called', async () => {
    await using running = await runApp(guarded(says('Deny')))
    assert.equal((await refused(urlOf(running), { headers })).status, 403)
    assert.deepEqual(running.lines('on_connect'), [])
  })

  test('is not asked without what it stands on: 401', async () => {
    for (const auth of [guardedBy(), guardedBy(['$request.querystring.token'])]) {
      await using running = await runApp(guarded(says('Allow'), auth))
      assert.equal((await refused(urlOf(running))).status, 401)
      assert.deepEqual(running.lines('guard'), [])
    }
    await using running = await runApp(guarded(says('Allow'), guardedBy(['$request.querystring.token'])))
    await using _client = await connect(`${urlOf(running)}?token=x`)
  })

  test('that fails, or answers no policy, is 500; one that says Unauthorized is 401', async () => {
    for (const [code, status] of [
      ["throw new Error('no')", 500],
      ["return 'yes'", 500],
      ["throw new Error('Unauthorized')", 401],
    ] as const) {
      await using running = await runApp(guarded(code))
      assert.equal((await refused(urlOf(running), { headers })).status, status, code)
    }
  })

  test('is asked each time: WebSocket APIs remember no answers', async () => {
    await using running = await runApp(guarded(says('Allow')))
    for (const _time of [1, 2]) {
      await using client = await connect(urlOf(running), { headers })
      client.send('x')
      await client.next()
    }
    assert.equal(running.lines('guard').filter((line) => line.includes('GUARD')).length, 2)
  })
})

describe('iam()', () => {
  const digest: Digest = {
    sha256: (data) => createHash('sha256').update(data).digest('hex'),
    hmac: (key, data) => createHmac('sha256', key).update(data).digest(),
  }
  const signing = (service = 'execute-api') => ({
    credentials: { accessKeyId: 'goblet', secretAccessKey: 'goblet' },
    region: 'us-east-1',
    service,
    date: Date.now(),
    digest,
  })
  const app = toApp({ $connect: OK, $default: ECHO }, {}, { $connect: { auth: { kind: 'iam' } } })

  test('takes a signature in the headers, and one in the query, as pages have to send it', async () => {
    await using running = await runApp(app)
    const { host, pathname: path } = new URL(urlOf(running))
    const request = { method: 'GET', path, query: 'room=a', headers: { host } }
    await using client = await connect(`${urlOf(running)}?room=a`, { headers: sign(request, signing()) })
    client.send('x')
    const { identity } = (await client.json()).requestContext
    assert.equal(identity.accessKey, 'goblet')
    assert.equal(identity.accountId, '000000000000')
    assert.equal(identity.sourceIp, '127.0.0.1')
    const query = presign(request, signing(), 60, digest.sha256(''))
    await using _page = await connect(`${urlOf(running)}?${query}`)
  })

  test('refuses all others with 403', async () => {
    await using running = await runApp(app)
    const { host, pathname: path } = new URL(urlOf(running))
    const request = { method: 'GET', path, query: '', headers: { host } }
    assert.equal((await refused(urlOf(running))).status, 403)
    assert.equal((await refused(urlOf(running), { headers: sign(request, signing('lambda')) })).status, 403)
    assert.equal((await refused(`${urlOf(running)}?more=1`, { headers: sign(request, signing()) })).status, 403)
  })
})
