// Lambda's own API on the AWS port: what its clients send, and what they are answered.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { startClock } from '../../src/local/index.ts'
import { until } from '../support/aws.ts'
import { type Running, runApp } from '../support/cloud.ts'

let app: Running
before(async () => {
  const functions = {
    echo: 'export const handler = (event) => { console.log("said"); return event }',
    fails: 'export const handler = (event, { awsRequestId }) => { console.log(awsRequestId); throw new Error("no") }',
    off: { code: 'export const handler = () => 1', concurrency: 0 },
  }
  app = await runApp({ functions }, { clock: startClock('virtual') })
})
after(() => app[Symbol.asyncDispose]())

function invoke(name: string, body: string | Uint8Array = '', headers: Record<string, string> = {}): Promise<Response> {
  const url = `${app.cloud.aws}/2015-03-31/functions/${encodeURIComponent(name)}/invocations`
  return fetch(url, { method: 'POST', headers, ...(body === '' ? {} : { body }) })
}

test('cases lambda-sync-status, lambda-async-status, lambda-dryrun-status', async () => {
  const sync = await invoke('test-dev-echo', '{"a":1}', { 'x-amz-log-type': 'Tail' })
  assert.equal(sync.status, 200)
  assert.equal(sync.headers.get('x-amz-executed-version'), '$LATEST')
  assert.equal(sync.headers.get('x-amz-function-error'), null)
  assert.equal(await sync.text(), '{"a":1}')
  const log = Buffer.from(String(sync.headers.get('x-amz-log-result')), 'base64').toString()
  assert.match(log, /^START RequestId: .*\n.*\tINFO\tsaid\nEND RequestId: .*\nREPORT /)
  const later = await invoke('test-dev-echo', '{}', { 'x-amz-invocation-type': 'Event' })
  assert.deepEqual([later.status, await later.text()], [202, ''])
  const dry = await invoke('test-dev-echo', '{}', { 'x-amz-invocation-type': 'DryRun' })
  assert.deepEqual([dry.status, await dry.text()], [204, ''])
})

test('a function is named by its name, its version or its ARN; without a payload it gets an empty object', async () => {
  const arn = 'arn:aws:lambda:us-east-1:000000000000:function:test-dev-echo'
  for (const name of ['test-dev-echo', 'test-dev-echo:$LATEST', arn, `${arn}:$LATEST`]) {
    const answer = await invoke(name)
    assert.deepEqual([answer.status, await answer.text()], [200, '{}'], name)
  }
})

test('a failure is a 200 with the error in the words of the runtime', async () => {
  const answer = await invoke('test-dev-fails')
  assert.equal(answer.status, 200)
  assert.equal(answer.headers.get('x-amz-function-error'), 'Unhandled')
  const { errorType, errorMessage } = JSON.parse(await answer.text())
  assert.deepEqual({ errorType, errorMessage }, { errorType: 'Error', errorMessage: 'no' })
})

test('what cannot be invoked is refused as Lambda refuses it', async () => {
  const code = async (answer: Response) => [answer.status, answer.headers.get('x-amzn-errortype')]
  assert.deepEqual(await code(await invoke('test-dev-nothing')), [404, 'ResourceNotFoundException'])
  assert.deepEqual(await code(await invoke('test-dev-echo', '{bad')), [400, 'InvalidRequestContentException'])
  assert.deepEqual(await code(await invoke('test-dev-off')), [429, 'TooManyRequestsException'])
  const most = await invoke('test-dev-echo', `"${'x'.repeat(6_291_554)}"`)
  assert.equal(most.status, 200)
  const over = await invoke('test-dev-echo', `"${'x'.repeat(6_291_555)}"`)
  assert.deepEqual(await code(over), [413, 'RequestEntityTooLargeException'])
  assert.match(await over.text(), /Request must be smaller than 6291556 bytes/)
  const event = await invoke('test-dev-echo', `"${'x'.repeat(1_048_577)}"`, { 'x-amz-invocation-type': 'Event' })
  assert.equal(event.status, 413)
})

test('an asynchronous event that fails is tried after one and two minutes more, under the same request id', async () => {
  const before = app.lines('fails').filter((line) => line.startsWith('START')).length
  await invoke('test-dev-fails', '{}', { 'x-amz-invocation-type': 'Event' })
  const tries = () =>
    app
      .lines('fails')
      .filter((line) => line.startsWith('REPORT'))
      .slice(before)
  await until('the first try', () => tries().length === 1)
  await app.cloud.clock.advance(59_000)
  assert.equal(tries().length, 1)
  await app.cloud.clock.advance(1000)
  assert.equal(tries().length, 2)
  await app.cloud.clock.advance(120_000)
  assert.equal(tries().length, 3)
  await app.cloud.clock.advance(3_600_000)
  assert.equal(tries().length, 3)
  assert.equal(new Set(tries().map((line) => line.split('\t')[0])).size, 1)
})
