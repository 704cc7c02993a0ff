// The recorded cases of Lambda: how each is asked of a cloud that runs functions written as text.
import assert from 'node:assert/strict'
import { PutRuleCommand, PutTargetsCommand } from '@aws-sdk/client-eventbridge'
import {
  InvokeCommand,
  type InvokeCommandInput,
  type LambdaClient,
  PutFunctionEventInvokeConfigCommand,
} from '@aws-sdk/client-lambda'
import { ReceiveMessageCommand } from '@aws-sdk/client-sqs'
import type { It, Queue } from '../checks/check.ts'
import type { Running, Source } from '../support/cloud.ts'
import type { CloudCase } from './cloud-cases.ts'

export type Asked = It & { readonly app: Running }
export type Ask = (it: Asked, one: CloudCase) => Promise<void>

export const arnOf = (name: string): string => `arn:aws:lambda:us-east-1:000000000000:function:test-dev-${name}`

const fails = `export const handler = async () => { throw new Error('no') }`

/** Beside those of test/cases/lambda.json, which bear the names of their cases. */
export const FUNCTIONS = {
  echo: 'export const handler = (event) => event',
  tells: 'export const handler = (event, { invokedFunctionArn }) => ({ invokedFunctionArn })',
  single: `let inside = 0
    export const handler = async () => {
      const found = ++inside
      await new Promise((resolve) => setTimeout(resolve, 200))
      inside--
      return { found, stream: process.env.AWS_LAMBDA_LOG_STREAM_NAME }
    }`,
  woken: fails,
  failing: fails,
  old: fails,
  dead: { code: fails, deadLetter: { kind: 'queue', name: 'dead' } },
} satisfies Record<string, Source>

async function invoke({ lambda }: { lambda: LambdaClient }, name: string, input: Partial<InvokeCommandInput> = {}) {
  const answer = await lambda.send(new InvokeCommand({ FunctionName: `test-dev-${name}`, ...input }))
  return { ...answer, text: Buffer.from(answer.Payload ?? []).toString() }
}

/** Invokes the function that bears the case's name, and holds the answer against the case. */
const asRecorded: Ask = async (it, { id, expect }) => {
  const { StatusCode, FunctionError, ExecutedVersion, text } = await invoke(it, id)
  assert.equal(StatusCode, 200)
  assert.equal(ExecutedVersion, '$LATEST')
  const wanted = expect.Payload ?? {}
  assert.equal(FunctionError, expect.FunctionError ?? (wanted.errorType === undefined ? undefined : 'Unhandled'))
  if (typeof wanted === 'string') return assert.equal(text, wanted)
  const error = JSON.parse(text)
  for (const name of ['errorType', 'errorMessage']) {
    const said: string | undefined = wanted[name] ?? expect[name]
    const [, pattern] = /^\/(.*)\/$/.exec(said ?? '') ?? []
    // The recorded handler is `nope` or `obj`; here every function's is `handler`.
    if (pattern !== undefined) assert.match(error[name], new RegExp(pattern))
    else if (said !== undefined) assert.equal(error[name], said.replace(/^index\.(nope|obj)\b/, 'index.handler'))
  }
  if (wanted.trace === undefined) return
  if (Array.isArray(wanted.trace)) assert.deepEqual(error.trace, wanted.trace)
  else assert.equal(error.trace[0], /"(.*)"/.exec(wanted.trace)?.[1])
}

const status =
  (InvocationType: 'RequestResponse' | 'Event' | 'DryRun'): Ask =>
  async (it, { expect }) => {
    const { StatusCode, ExecutedVersion, text } = await invoke(it, 'echo', { InvocationType, Payload: '{"a":1}' })
    assert.equal(StatusCode, expect.StatusCode)
    if (expect.ExecutedVersion !== undefined) assert.equal(ExecutedVersion, expect.ExecutedVersion)
    assert.equal(text, expect.Payload ?? '{"a":1}')
  }

/** An event that nobody waits for, told of in a queue when it has ended. */
async function ended(it: Asked, name: string, config: object = {}) {
  const queue = await it.queue()
  await end(it, name, queue.arn, config)
  return JSON.parse((await first(it, queue)).Body ?? '{}')
}

/** The same, told of to anybody. */
async function end(it: Asked, name: string, Destination: string, config: object): Promise<void> {
  const DestinationConfig = { OnSuccess: { Destination }, OnFailure: { Destination } }
  const FunctionName = `test-dev-${name}`
  await it.lambda.send(new PutFunctionEventInvokeConfigCommand({ FunctionName, DestinationConfig, ...config }))
  await invoke(it, name, { InvocationType: 'Event', Payload: '{"a":1}' })
  await it.app.cloud.clock.advance(600_000)
}

async function first({ sqs }: Asked, { QueueUrl }: Pick<Queue, 'QueueUrl'>) {
  const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, MessageAttributeNames: ['All'] }))
  return Messages[0] ?? assert.fail('nothing came')
}

/** Each path of the case, like `requestContext.condition`, has its value. */
function holds(record: object, expect: Readonly<Record<string, unknown>>): void {
  for (const [path, wanted] of Object.entries(expect)) {
    const found = path.split('.').reduce<unknown>((inner, name) => Reflect.get(Object(inner), name), record)
    assert.deepEqual(found, wanted, path)
  }
}

const SAID: Ask = async (it, { id, expect }) => {
  const isGood = id === 'lambda-async-success-destination'
  const record = await ended(it, isGood ? 'echo' : 'failing')
  const { responsePayload: _, requestPayload: __, 'requestContext.functionArn': ___, ...exact } = expect.record
  holds(record, exact)
  assert.equal(record.requestContext.functionArn, `${arnOf(isGood ? 'echo' : 'failing')}:$LATEST`)
  assert.deepEqual(record.requestPayload, { a: 1 })
  if (isGood) assert.deepEqual(record.responsePayload, { a: 1 })
  else assert.deepEqual([record.responsePayload.errorType, record.responsePayload.errorMessage], ['Error', 'no'])
}

export const LAMBDA: Readonly<Record<string, Ask>> = {
  'lambda-sync-status': status('RequestResponse'),
  'lambda-async-status': status('Event'),
  'lambda-dryrun-status': status('DryRun'),
  'lambda-undefined-return': asRecorded,
  'lambda-timeout-new': asRecorded,
  'lambda-error-node': asRecorded,
  'lambda-error-nonerror': asRecorded,
  'lambda-error-uncaught-timer': asRecorded,
  'lambda-error-process-exit': asRecorded,
  'lambda-handler-missing': asRecorded,
  'lambda-handler-not-fn': asRecorded,
  'lambda-module-missing': asRecorded,
  'lambda-module-syntax': asRecorded,
  'lambda-callback-node24': asRecorded,
  'lambda-bigint-return': asRecorded,
  'lambda-payload-6mb-out': asRecorded,
  'lambda-async-ignores-loop': async (it, one) => {
    await asRecorded(it, one)
    const began = Date.now()
    await asRecorded(it, one)
    assert.ok(Date.now() - began < one.expect.returnsWithinMs)
  },
  'lambda-payload-6mb-in': async (it, { expect }) => {
    const Payload = JSON.stringify('x'.repeat(6_291_556 - 1))
    await assert.rejects(
      invoke(it, 'echo', { Payload }),
      (error: Error & { $metadata?: { httpStatusCode?: number } }) => {
        assert.deepEqual([error.name, error.$metadata?.httpStatusCode], [expect.code, expect.status])
        assert.ok(error.message.includes(expect.messageContains), error.message)
        return true
      },
    )
    assert.equal((await invoke(it, 'echo', { Payload: JSON.stringify('x'.repeat(1000)) })).StatusCode, 200)
  },
  'lambda-one-at-a-time': async (it, { expect }) => {
    const answers = await Promise.all(Array.from({ length: 10 }, () => invoke(it, 'single')))
    const found: { found: number; stream: string }[] = answers.map(({ text }) => JSON.parse(text))
    assert.equal(Math.max(...found.map((one) => one.found)), expect.maxInflightPerSandbox)
    assert.equal(new Set(found.map(({ stream }) => stream)).size, 10)
  },
  'lambda-qualified-arn': async (it) => {
    const { text } = await invoke(it, 'tells', { Qualifier: '$LATEST' })
    assert.equal(JSON.parse(text).invokedFunctionArn, `${arnOf('tells')}:$LATEST`)
  },
  'lambda-async-destination': SAID,
  'lambda-async-success-destination': SAID,
  'lambda-async-event-age': async (it, { given, expect }) => {
    const record = await ended(it, 'old', given)
    assert.equal(record.requestContext.condition, expect['record.requestContext.condition'])
  },
  'lambda-async-dlq': async (it, { expect }) => {
    await invoke(it, 'dead', { InvocationType: 'Event', Payload: '{"raise":1}' })
    await it.app.cloud.clock.advance(600_000)
    const QueueUrl = `${it.endpoint}/000000000000/test-dev-dead`
    const { Body, MessageAttributes = {} } = await first(it, { QueueUrl })
    assert.equal(Body, '{"raise":1}')
    const wanted: [string, { DataType: string; StringValue?: string }][] = Object.entries(
      expect.message.MessageAttributes,
    )
    assert.deepEqual(Object.keys(MessageAttributes).sort(), wanted.map(([name]) => name).sort())
    for (const [name, { DataType, StringValue }] of wanted) {
      assert.equal(MessageAttributes[name]?.DataType, DataType)
      if (StringValue !== undefined) assert.equal(MessageAttributes[name]?.StringValue, StringValue)
    }
  },
  'lambda-async-dest-eventbridge': async (it, { expect }) => {
    const queue = await it.queue()
    await it.events.send(new PutRuleCommand({ Name: 'ended', EventPattern: '{"source":["lambda"]}' }))
    await it.events.send(new PutTargetsCommand({ Rule: 'ended', Targets: [{ Id: '1', Arn: queue.arn }] }))
    await end(it, 'tells', 'arn:aws:events:us-east-1:000000000000:event-bus/default', {})
    const event = JSON.parse((await first(it, queue)).Body ?? '{}')
    for (const [name, wanted] of Object.entries(expect.event)) assert.equal(event[name], wanted)
    assert.deepEqual(event.detail.requestPayload, { a: 1 })
  },
}
