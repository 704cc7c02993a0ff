// Logs in JSON: a function's own lines and Lambda's, as the clients of CloudWatch Logs and Lambda see them.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { CloudWatchLogsClient, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs'
import { GetFunctionConfigurationCommand, InvokeCommand, LambdaClient, ListTagsCommand } from '@aws-sdk/client-lambda'
import type { LogsModel } from '../../src/model/index.ts'
import { type Running, runApp } from '../support/cloud.ts'

const JSON_LOGS: LogsModel = { retention: 30, format: 'json', level: 'info', systemLevel: 'info' }
const SAYS = `class Odd extends Error { constructor() { super('odd'); this.code = 7 } }
export const handler = (event) => {
  console.debug('below')
  console.log('plain', 1)
  console.info({ a: { b: 1 } })
  console.warn('with', new Odd())
  console.error(new Odd())
  console.fatal('last')
  const round = {}; round.self = round
  console.log(round)
  if (event === 'fail') throw new TypeError('failed')
}`

let app: Running
let given: { endpoint: string; region: string; credentials: { accessKeyId: string; secretAccessKey: string } }
before(async () => {
  app = await runApp({
    functions: {
      says: { code: SAYS, logs: JSON_LOGS, tags: { team: 'shop' } },
      loud: { code: SAYS, logs: { ...JSON_LOGS, level: 'error', systemLevel: 'warn' } },
      text: SAYS,
    },
  })
  given = {
    endpoint: app.cloud.aws,
    region: 'us-east-1',
    credentials: { accessKeyId: 'goblet', secretAccessKey: 'goblet' },
  }
})
after(() => app[Symbol.asyncDispose]())

/** What a function has written, by one invocation; JSON is read. */
async function written(name: string, event: string | null = null) {
  const lambda = new LambdaClient(given)
  const logs = new CloudWatchLogsClient(given)
  try {
    const input = {
      FunctionName: `test-dev-${name}`,
      Payload: Buffer.from(JSON.stringify(event)),
      LogType: 'Tail' as const,
    }
    const { $metadata, LogResult = '' } = await lambda.send(new InvokeCommand(input))
    const id = $metadata.requestId ?? ''
    const { events = [] } = await logs.send(
      new FilterLogEventsCommand({ logGroupName: `/aws/lambda/test-dev-${name}` }),
    )
    const messages = events.map(({ message = '' }) => message.trim()).filter((message) => message.includes(id))
    return { id, messages, tail: Buffer.from(LogResult, 'base64').toString() }
  } finally {
    lambda.destroy()
    logs.destroy()
  }
}

const read = (messages: readonly string[]): Record<string, unknown>[] => messages.map((message) => JSON.parse(message))

test('every line is an object with time, level and request, the message as it was given', async () => {
  const { id, messages, tail } = await written('says')
  const lines = read(messages)
  const own = lines.filter(({ level }) => level !== undefined)
  assert.deepEqual(
    own.map(({ level }) => level),
    ['INFO', 'INFO', 'WARN', 'ERROR', 'FATAL', 'INFO'],
  )
  for (const { timestamp, requestId } of own) {
    assert.match(String(timestamp), /^\d{4}-\d\d-\d\dT[\d:.]+Z$/)
    assert.equal(requestId, id)
  }
  const [plain, object, warned, failed, last, round] = own
  assert.equal(plain?.message, 'plain 1')
  assert.deepEqual(object?.message, { a: { b: 1 } })
  assert.match(String(warned?.message), /^with .*odd/)
  assert.deepEqual([warned?.errorType, warned?.errorMessage], ['Odd', 'odd'])
  assert.ok(Array.isArray(warned?.stackTrace) && warned.stackTrace.length > 1)
  assert.deepEqual(
    { ...Object(failed?.message), stackTrace: [] },
    { errorType: 'Odd', errorMessage: 'odd', stackTrace: [], code: 7 },
  )
  assert.equal(last?.message, 'last')
  assert.match(String(round?.message), /Circular/)
  const [start, report] = lines.filter(({ type }) => type !== undefined)
  assert.deepEqual([start?.type, start?.record], ['platform.start', { requestId: id, version: '$LATEST' }])
  assert.equal(report?.type, 'platform.report')
  const record = Object(report?.record)
  assert.deepEqual([record.requestId, record.status, record.metrics.memorySizeMB], [id, 'success', 128])
  assert.ok(record.metrics.durationMs > 0 && record.metrics.billedDurationMs >= 1)
  assert.match(tail, /"type":"platform.report"/)
})

test('what is below the levels is not written, what was thrown is', async () => {
  const fine = await written('loud')
  assert.deepEqual(
    read(fine.messages).map(({ level }) => level),
    ['ERROR', 'FATAL'],
  )
  const failed = read((await written('loud', 'fail')).messages)
  const thrown = failed.find(({ message }) => Object(message).errorType === 'TypeError')
  assert.equal(thrown?.level, 'ERROR')
  assert.ok(Array.isArray(Object(thrown?.message).stackTrace))
})

test('text stays text', async () => {
  const { messages } = await written('text')
  assert.match(messages[0] ?? '', /^START RequestId: /)
  assert.ok(messages.some((message) => /\tDEBUG\tbelow$/.test(message)))
})

test('Lambda tells what was asked for', async () => {
  const client = new LambdaClient(given)
  try {
    const of = (FunctionName: string) => client.send(new GetFunctionConfigurationCommand({ FunctionName }))
    const { LoggingConfig, FunctionArn: Resource } = await of('test-dev-loud')
    const group = '/aws/lambda/test-dev-loud'
    assert.deepEqual(LoggingConfig, {
      LogFormat: 'JSON',
      ApplicationLogLevel: 'ERROR',
      SystemLogLevel: 'WARN',
      LogGroup: group,
    })
    assert.equal((await client.send(new ListTagsCommand({ Resource }))).Tags?.team, undefined)
    const says = (await of('test-dev-says')).FunctionArn
    assert.equal((await client.send(new ListTagsCommand({ Resource: says }))).Tags?.team, 'shop')
  } finally {
    client.destroy()
  }
})
