// Who may speak to the AWS port: programs of this machine, and no page of its browser.
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect } from 'node:net'
import { after, before, test } from 'node:test'
import rows from '../cases/security.json' with { type: 'json' }
import { type Running, runApp } from '../support/cloud.ts'
import { exchange, readAnswers, toRequest } from '../support/raw.ts'

let app: Running
before(async () => {
  app = await runApp({ functions: { count: 'let count = 0\nexport const handler = () => ++count' } })
})
after(() => app[Symbol.asyncDispose]())

for (const { id, method, path, headers, body, status } of rows) {
  test(`case ${id}`, async () => {
    const { port } = new URL(app.cloud.aws)
    const given = Object.entries(headers).map(([name, value]) => [name, String(value).replace('PORT', port)])
    const [answer] = readAnswers(
      await exchange(app.cloud.aws, toRequest(app.cloud.aws, method, path, Object.fromEntries(given), body), 60),
    )
    assert.equal(answer?.status, status, answer?.body)
    for (const name of ['access-control-allow-origin', 'access-control-allow-private-network'])
      assert.equal(
        answer?.headers.find(([found]) => found === name),
        undefined,
      )
  })
}

test('what was refused had no effect', async () => {
  assert.equal((await app.call('count')).value, 1)
  const listed = await fetch(app.cloud.aws, {
    method: 'POST',
    headers: { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': 'AmazonSQS.ListQueues' },
    body: '{}',
  })
  assert.doesNotMatch(await listed.text(), /evil/)
})

test('a function of another account is not here, and is asked for nowhere else', async () => {
  const arn = encodeURIComponent('arn:aws:lambda:us-east-1:123456789012:function:test-dev-count')
  const answer = await fetch(`${app.cloud.aws}/2015-03-31/functions/${arn}/invocations`, { method: 'POST', body: '{}' })
  assert.equal(answer.status, 404)
  assert.match(await answer.text(), /Function not found: arn:aws:lambda:us-east-1:123456789012/)
})

test('paths that are no paths are answered, and leave the local cloud standing', async () => {
  for (const path of [
    '/2015-03-31/functions/%ff%/invocations',
    '//',
    '/%',
    '/..%2f..%2fetc/passwd',
    '/__proto__/constructor',
  ])
    for (const method of ['GET', 'POST']) {
      const [answer] = readAnswers(await exchange(app.cloud.aws, toRequest(app.cloud.aws, method, path), 60))
      assert.ok(answer !== undefined && answer.status !== 500, `${method} ${path}: ${answer?.status}`)
    }
  assert.equal((await fetch(`${app.cloud.aws}/_goblet/model`)).status, 200)
})

test('case sec-slowloris: a head that comes byte by byte is not waited for, on either port', {
  timeout: 60_000,
}, async () => {
  const began = performance.now()
  const last = async (url: string): Promise<string> => {
    const socket = connect(Number(new URL(url).port), '127.0.0.1')
    let heard = ''
    socket.on('data', (chunk) => {
      heard += String(chunk)
    })
    socket.on('error', () => {})
    socket.write('GET / HTTP/1.1\r\nHost: localhost\r\nX-Slow: ')
    const drip = setInterval(() => socket.write('a'), 1000)
    await once(socket, 'close')
    clearInterval(drip)
    return heard
  }
  for (const answer of await Promise.all([app.cloud.aws, app.cloud.http].map(last)))
    assert.match(answer, /^HTTP\/1.1 40[08] /)
  assert.ok(performance.now() - began < 40_000)
})
