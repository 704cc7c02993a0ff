// Lambda's API as its own client sees it: reads of the app's functions, streamed answers, and what becomes of events nobody waits for.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import {
  CreateEventSourceMappingCommand,
  DeleteFunctionEventInvokeConfigCommand,
  GetEventSourceMappingCommand,
  GetFunctionCommand,
  GetFunctionConcurrencyCommand,
  GetFunctionConfigurationCommand,
  GetFunctionEventInvokeConfigCommand,
  GetFunctionUrlConfigCommand,
  GetPolicyCommand,
  InvokeCommand,
  InvokeWithResponseStreamCommand,
  LambdaClient,
  ListAliasesCommand,
  ListEventSourceMappingsCommand,
  ListFunctionsCommand,
  ListTagsCommand,
  ListVersionsByFunctionCommand,
  PutFunctionEventInvokeConfigCommand,
  UpdateFunctionEventInvokeConfigCommand,
} from '@aws-sdk/client-lambda'
import { startClock } from '../../src/local/index.ts'
import { sqs, until, urlOf } from '../support/aws.ts'
import { type Running, runApp, toQueue, toQueueTrigger } from '../support/cloud.ts'

const NAME = (name: string) => `test-dev-${name}`
const ARN = (name: string) => `arn:aws:lambda:us-east-1:000000000000:function:test-dev-${name}`
const QUEUE = (name: string) => `arn:aws:sqs:us-east-1:000000000000:test-dev-${name}`

let app: Running
let client: LambdaClient
const connect = () =>
  new LambdaClient({
    endpoint: app.cloud.aws,
    region: 'us-east-1',
    credentials: { accessKeyId: 'goblet', secretAccessKey: 'goblet' },
    maxAttempts: 1,
  })

before(async () => {
  const fails = 'export const handler = () => { throw new Error("no") }'
  app = await runApp(
    {
      functions: {
        echo: 'export const handler = (event) => event',
        streams: `export const handler = awslambda.streamifyResponse(async (event, stream) => {
          stream.write('one '); stream.write('two'); stream.end()
        })`,
        tells: `export const handler = (event, { invokedFunctionArn, clientContext = null }) =>
          ({ invokedFunctionArn, clientContext })`,
        fails,
        old: fails,
        both: { code: fails, retries: 0, deadLetter: { kind: 'queue', name: 'dead' } },
        off: { code: fails, concurrency: 0, deadLetter: { kind: 'queue', name: 'dead' } },
        reads: 'export const handler = () => {}',
        quiet: 'export const handler = ({ requestPayload }) => console.log(JSON.stringify(requestPayload))',
      },
      triggers: [toQueueTrigger('reads', 'jobs')],
      resources: [toQueue('jobs'), toQueue('told'), toQueue('dead')],
    },
    { clock: startClock('virtual') },
  )
  client = connect()
})
after(async () => {
  client.destroy()
  await app[Symbol.asyncDispose]()
})

interface Told {
  readonly Body: string
  readonly MessageAttributes?: Readonly<Record<string, { DataType: string; StringValue: string }>>
}

/** What a queue holds next. */
async function next(queue: string): Promise<Told> {
  const message = await until(`a message in ${queue}`, async () => {
    const input = { QueueUrl: urlOf(app.cloud.aws, NAME(queue)), MessageAttributeNames: ['All'] }
    const [first] = (await sqs(app.cloud.aws, 'ReceiveMessage', input)).Messages ?? []
    if (first !== undefined)
      await sqs(app.cloud.aws, 'DeleteMessage', { QueueUrl: input.QueueUrl, ReceiptHandle: first.ReceiptHandle })
    return first
  })
  return message as Told
}

const start = async (name: string, event: object) => {
  const { StatusCode, $metadata } = await client.send(
    new InvokeCommand({ FunctionName: NAME(name), InvocationType: 'Event', Payload: JSON.stringify(event) }),
  )
  assert.equal(StatusCode, 202)
  return $metadata.requestId
}

const refused = (name: string, message: string) => (error: Error) => {
  assert.deepEqual([error.name, error.message], [name, message])
  return true
}

test('functions are listed and described as AWS does', async () => {
  const { Functions = [] } = await client.send(new ListFunctionsCommand({}))
  assert.equal(Functions.length, 9)
  const one = await client.send(new GetFunctionConfigurationCommand({ FunctionName: ARN('both') }))
  assert.equal(one.FunctionArn, ARN('both'))
  assert.equal(one.State, 'Active')
  assert.deepEqual(one.Architectures, ['arm64'])
  assert.deepEqual(one.EphemeralStorage, { Size: 512 })
  assert.deepEqual(one.LoggingConfig, { LogFormat: 'Text', LogGroup: '/aws/lambda/test-dev-both' })
  assert.equal(one.DeadLetterConfig?.TargetArn, QUEUE('dead'))
  const whole = await client.send(new GetFunctionCommand({ FunctionName: `${NAME('off')}:$LATEST` }))
  assert.equal(whole.Configuration?.FunctionArn, `${ARN('off')}:$LATEST`)
  assert.equal(whole.Concurrency?.ReservedConcurrentExecutions, 0)
  assert.deepEqual(whole.Tags, { 'goblet:app': 'test', 'goblet:stage': 'dev' })
  const versions = await client.send(new ListVersionsByFunctionCommand({ FunctionName: NAME('echo') }))
  assert.deepEqual(
    versions.Versions?.map(({ Version }) => Version),
    ['$LATEST'],
  )
  assert.deepEqual((await client.send(new ListAliasesCommand({ FunctionName: NAME('echo') }))).Aliases, [])
  const concurrency = await client.send(new GetFunctionConcurrencyCommand({ FunctionName: NAME('off') }))
  assert.equal(concurrency.ReservedConcurrentExecutions, 0)
  const tags = await client.send(new ListTagsCommand({ Resource: ARN('echo') }))
  assert.equal(tags.Tags?.['goblet:app'], 'test')
})

test('lists come in pages', async () => {
  const names: (string | undefined)[] = []
  let Marker: string | undefined
  do {
    const page = await client.send(
      new ListFunctionsCommand({ MaxItems: 3, ...(Marker === undefined ? {} : { Marker }) }),
    )
    names.push(...(page.Functions ?? []).map(({ FunctionName }) => FunctionName))
    Marker = page.NextMarker
  } while (Marker !== undefined)
  assert.equal(new Set(names).size, 9)
})

test('a queue trigger is an event source mapping', async () => {
  const { EventSourceMappings = [] } = await client.send(new ListEventSourceMappingsCommand({}))
  assert.equal(EventSourceMappings.length, 1)
  const [one] = EventSourceMappings
  assert.equal(one?.EventSourceArn, QUEUE('jobs'))
  assert.equal(one?.FunctionArn, ARN('reads'))
  assert.deepEqual(one?.FunctionResponseTypes, ['ReportBatchItemFailures'])
  const same = await client.send(new GetEventSourceMappingCommand({ UUID: one?.UUID }))
  assert.equal(same.BatchSize, 10)
  const given = { EventSourceArn: QUEUE('told'), FunctionName: NAME('echo') }
  await assert.rejects(client.send(new CreateEventSourceMappingCommand(given)), { name: 'NotImplementedException' })
})

const REFUSALS: readonly (readonly [string, () => Promise<unknown>, string, string])[] = [
  [
    'a function that is not there',
    () => client.send(new GetFunctionCommand({ FunctionName: 'nothing' })),
    'ResourceNotFoundException',
    'Function not found: arn:aws:lambda:us-east-1:000000000000:function:nothing',
  ],
  [
    'a version that is not there',
    () => client.send(new InvokeCommand({ FunctionName: NAME('echo'), Qualifier: '7' })),
    'ResourceNotFoundException',
    `Function not found: ${ARN('echo')}:7`,
  ],
  [
    'two qualifiers',
    () => client.send(new InvokeCommand({ FunctionName: `${NAME('echo')}:$LATEST`, Qualifier: '7' })),
    'InvalidParameterValueException',
    'The derived qualifier from the function name does not match the specified qualifier.',
  ],
  [
    'another region',
    () => client.send(new GetFunctionCommand({ FunctionName: ARN('echo').replace('us-east-1', 'eu-west-1') })),
    'ResourceNotFoundException',
    "Functions from 'eu-west-1' are not reachable in this region ('us-east-1')",
  ],
  [
    'a URL that it has not',
    () => client.send(new GetFunctionUrlConfigCommand({ FunctionName: NAME('echo') })),
    'ResourceNotFoundException',
    'The resource you requested does not exist.',
  ],
  [
    'a policy that it has not',
    () => client.send(new GetPolicyCommand({ FunctionName: NAME('echo') })),
    'ResourceNotFoundException',
    'The resource you requested does not exist.',
  ],
  [
    'a configuration that nobody put',
    () => client.send(new GetFunctionEventInvokeConfigCommand({ FunctionName: NAME('echo') })),
    'ResourceNotFoundException',
    `The function ${ARN('echo')}:$LATEST doesn't have an EventInvokeConfig`,
  ],
  [
    'a configuration of nothing',
    () => client.send(new PutFunctionEventInvokeConfigCommand({ FunctionName: NAME('echo') })),
    'InvalidParameterValueException',
    'You must specify at least one of error handling or destination setting.',
  ],
  [
    'three retries',
    () => client.send(new PutFunctionEventInvokeConfigCommand({ FunctionName: NAME('echo'), MaximumRetryAttempts: 3 })),
    'ValidationException',
    "1 validation error detected: Value '3' at 'maximumRetryAttempts' failed to satisfy constraint: Member must have value less than or equal to 2",
  ],
]
for (const [what, ask, name, message] of REFUSALS)
  test(`refused: ${what}`, () => assert.rejects(ask(), refused(name, message)))

test('a streamed answer comes in pieces, one that is not streamed as one', async () => {
  const read = async (name: string, Payload?: string) => {
    const { EventStream = [], ExecutedVersion } = await client.send(
      new InvokeWithResponseStreamCommand({ FunctionName: NAME(name), ...(Payload === undefined ? {} : { Payload }) }),
    )
    assert.equal(ExecutedVersion, '$LATEST')
    let text = ''
    let error: string | undefined = 'nothing came'
    for await (const { PayloadChunk, InvokeComplete } of EventStream) {
      text += Buffer.from(PayloadChunk?.Payload ?? []).toString()
      if (InvokeComplete !== undefined) error = InvokeComplete.ErrorCode
    }
    return [text, error]
  }
  assert.deepEqual(await read('streams'), ['one two', undefined])
  assert.deepEqual(await read('echo', '{"a":1}'), ['{"a":1}', undefined])
  assert.deepEqual(await read('fails'), ['', 'Unhandled'])
  await assert.rejects(read('off'), { name: 'TooManyRequestsException' })
})

test('case lambda-qualified-arn; the client context reaches the function', async () => {
  const ask = async (more: { Qualifier?: string; ClientContext?: string }) => {
    const { Payload } = await client.send(new InvokeCommand({ FunctionName: NAME('tells'), ...more }))
    return JSON.parse(Buffer.from(Payload ?? []).toString())
  }
  const ClientContext = Buffer.from('{"custom":{"a":1}}').toString('base64')
  assert.deepEqual(await ask({}), { invokedFunctionArn: ARN('tells'), clientContext: null })
  assert.deepEqual(await ask({ Qualifier: '$LATEST', ClientContext }), {
    invokedFunctionArn: `${ARN('tells')}:$LATEST`,
    clientContext: { custom: { a: 1 } },
  })
  await assert.rejects(ask({ ClientContext: Buffer.from('{no').toString('base64') }), {
    name: 'InvalidRequestContentException',
  })
})

test('case lambda-async-dest-eventbridge', async () => {
  const bus = async (operation: string, input: object) => {
    const headers = { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': `AWSEvents.${operation}` }
    const answer = await fetch(app.cloud.aws, { method: 'POST', headers, body: JSON.stringify(input) })
    assert.equal(answer.status, 200, await answer.text())
  }
  await bus('PutRule', { Name: 'ended', EventPattern: JSON.stringify({ source: ['lambda'] }) })
  await bus('PutTargets', { Rule: 'ended', Targets: [{ Id: 'told', Arn: QUEUE('told') }] })
  const Destination = 'arn:aws:events:us-east-1:000000000000:event-bus/default'
  await client.send(
    new PutFunctionEventInvokeConfigCommand({
      FunctionName: NAME('tells'),
      DestinationConfig: { OnSuccess: { Destination } },
    }),
  )
  const requestId = await start('tells', { c: 3 })
  const event = JSON.parse((await next('told')).Body)
  assert.equal(event.source, 'lambda')
  assert.equal(event['detail-type'], 'Lambda Function Invocation Result - Success')
  assert.deepEqual(event.resources, [Destination, `${ARN('tells')}:$LATEST`])
  assert.equal(event.detail.requestContext.requestId, requestId)
  assert.deepEqual(event.detail.requestPayload, { c: 3 })
})

test('a destination may be another function, and one that is not there is told of in the log', async () => {
  const FunctionName = NAME('tells')
  const to = (Destination: string) =>
    client.send(
      new PutFunctionEventInvokeConfigCommand({ FunctionName, DestinationConfig: { OnSuccess: { Destination } } }),
    )
  await to(ARN('quiet'))
  await start('tells', { d: 4 })
  await until('the other function', () => app.lines('quiet').some((line) => line.includes('{"d":4}')))
  await to(QUEUE('nowhere'))
  const requestId = await start('tells', {})
  const lost = /The record of the event did not reach .*:test-dev-nowhere: There is no queue/
  await until('the note', () => app.lines('tells', requestId).some((line) => lost.test(line)))
})

test('cases lambda-async-destination, lambda-async-success-destination', async () => {
  for (const name of ['fails', 'echo']) {
    const put = await client.send(
      new PutFunctionEventInvokeConfigCommand({
        FunctionName: NAME(name),
        DestinationConfig: { OnFailure: { Destination: QUEUE('told') }, OnSuccess: { Destination: QUEUE('told') } },
      }),
    )
    assert.equal(put.FunctionArn, `${ARN(name)}:$LATEST`)
    assert.equal(put.MaximumRetryAttempts, undefined)
  }
  const good = await start('echo', { a: 1 })
  const { timestamp: _, ...success } = JSON.parse((await next('told')).Body)
  assert.deepEqual(success, {
    version: '1.0',
    requestContext: {
      requestId: good,
      functionArn: `${ARN('echo')}:$LATEST`,
      condition: 'Success',
      approximateInvokeCount: 1,
    },
    requestPayload: { a: 1 },
    responseContext: { statusCode: 200, executedVersion: '$LATEST' },
    responsePayload: { a: 1 },
  })
  const bad = await start('fails', { b: 2 })
  await until('the first try', () => app.lines('fails', bad).some((line) => line.startsWith('REPORT')))
  await app.cloud.clock.advance(180_000)
  const { timestamp, responsePayload, ...failure } = JSON.parse((await next('told')).Body)
  assert.match(timestamp, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)
  assert.deepEqual([responsePayload.errorType, responsePayload.errorMessage], ['Error', 'no'])
  assert.deepEqual(failure, {
    version: '1.0',
    requestContext: {
      requestId: bad,
      functionArn: `${ARN('fails')}:$LATEST`,
      condition: 'RetriesExhausted',
      approximateInvokeCount: 3,
    },
    requestPayload: { b: 2 },
    responseContext: { statusCode: 200, executedVersion: '$LATEST', functionError: 'Unhandled' },
  })
})

test('case lambda-async-event-age', async () => {
  const FunctionName = NAME('old')
  await client.send(
    new PutFunctionEventInvokeConfigCommand({
      FunctionName,
      MaximumEventAgeInSeconds: 60,
      MaximumRetryAttempts: 2,
      DestinationConfig: { OnFailure: { Destination: QUEUE('told') } },
    }),
  )
  await start('old', {})
  const { requestContext } = JSON.parse((await next('told')).Body)
  assert.deepEqual([requestContext.condition, requestContext.approximateInvokeCount], ['EventAgeExceeded', 1])
  const more = await client.send(new UpdateFunctionEventInvokeConfigCommand({ FunctionName, MaximumRetryAttempts: 1 }))
  assert.deepEqual([more.MaximumRetryAttempts, more.MaximumEventAgeInSeconds], [1, 60])
  await client.send(new DeleteFunctionEventInvokeConfigCommand({ FunctionName }))
  await assert.rejects(client.send(new GetFunctionEventInvokeConfigCommand({ FunctionName })), {
    name: 'ResourceNotFoundException',
  })
})

test('case lambda-async-dlq', async () => {
  const config = await client.send(new GetFunctionEventInvokeConfigCommand({ FunctionName: NAME('both') }))
  assert.equal(config.MaximumRetryAttempts, 0)
  const id = await start('both', { raise: 1 })
  const { Body, MessageAttributes = {} } = await next('dead')
  assert.equal(Body, '{"raise":1}')
  assert.deepEqual(
    Object.fromEntries(Object.entries(MessageAttributes).map(([name, one]) => [name, [one.DataType, one.StringValue]])),
    { RequestID: ['String', id], ErrorCode: ['Number', '200'], ErrorMessage: ['String', 'no'] },
  )
})

test('a function with a reserved concurrency of 0 gives its events up at once', async () => {
  await start('off', { a: 1 })
  const { Body, MessageAttributes = {} } = await next('dead')
  assert.equal(Body, '{"a":1}')
  assert.equal(MessageAttributes.ErrorCode?.StringValue, '429')
})

test('what was put, and an event that is still to be tried, survive a restart', async () => {
  const id = await start('fails', { again: true })
  await until('the first try', () => app.lines('fails', id).some((line) => line.startsWith('REPORT')))
  await app.restart({ clock: startClock('virtual', app.cloud.clock.now()) })
  client.destroy()
  client = connect()
  const config = await client.send(new GetFunctionEventInvokeConfigCommand({ FunctionName: NAME('fails') }))
  assert.equal(config.DestinationConfig?.OnFailure?.Destination, QUEUE('told'))
  await app.cloud.clock.advance(200_000)
  const { requestContext, requestPayload } = JSON.parse((await next('told')).Body)
  assert.deepEqual([requestContext.requestId, requestContext.approximateInvokeCount], [id, 3])
  assert.deepEqual(requestPayload, { again: true })
})
