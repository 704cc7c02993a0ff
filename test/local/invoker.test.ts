// Functions in their sandboxes: what comes of an event that ends well, badly, late or not at all, and what surrounds it.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import lambdaCases from '../cases/lambda.json' with { type: 'json' }
import { type Running, runApp, type Source } from '../support/cloud.ts'

const PID = { pid: process.pid }

const MODULES = {
  environment: { code: 'export const handler = () => ({ ...process.env })', env: { MINE: 'yes' } },
  context: `export const handler = (event, { getRemainingTimeInMillis, ...context }) =>
    ({ ...context, left: getRemainingTimeInMillis() })`,
  counter: `let count = 0
    export const handler = async ({ how }) => {
      count++
      if (how === 'hang') await new Promise((resolve) => setTimeout(resolve, 60_000))
      if (how === 'exit') process.exit(1)
      if (how === 'throw') throw new Error('no')
      return count
    }`,
  console: `export const handler = () => {
      console.log('a %s', 'b', { c: 1 })
      console.info('i'); console.debug('d'); console.trace('t'); console.warn('w')
      console.error(new Error('bad'))
      process.stdout.write('raw\\n')
      return 1
    }`,
  silencer: `export const handler = ({ end }) => {
      if (end) { process.stdout.end(); process.stderr.end('last'); console.log = () => {} }
      process.stdout.write('still here')
      return 1
    }`,
  polluter: `export const handler = () => { Object.prototype.polluted = 'yes'; Array.prototype.map = () => 'gone'; return 1 }`,
  polluted: `export const handler = () => ({ seen: ({}).polluted ?? 'no', mapped: [1].map((x) => x + 1) })`,
  leaver: `let later = 0
    export const handler = ({ leave }) => {
      if (leave === 'throw') setTimeout(() => { throw new Error('after the answer') }, 20)
      return ++later
    }`,
  stuck: {
    code: `await new Promise((resolve) => setTimeout(resolve, 3_600_000))\nexport const handler = () => 1`,
    timeout: 1,
  },
  slow: `let inside = 0
    export const handler = async ({ wait }) => {
      if (++inside > 1) throw new Error('two events in one sandbox')
      await new Promise((resolve) => setTimeout(resolve, wait))
      inside--
      return process.env.AWS_LAMBDA_LOG_STREAM_NAME
    }`,
  reserved: {
    code: 'export const handler = () => new Promise((resolve) => setTimeout(resolve, 200, 1))',
    concurrency: 2,
  },
  off: { code: 'export const handler = () => 1', concurrency: 0 },
  old: { code: 'export const handler = (event, context, callback) => 3', runtime: 'nodejs22.x' },
} satisfies Record<string, Source>

const rows = lambdaCases.map(({ id, code, timeout = 5, expect }) => ({ id, code, timeout, expect }))
let app: Running

before(async () => {
  process.env.SECRET_OF_THE_HOST = 'must not leak'
  const table = Object.fromEntries(rows.map(({ id, code, timeout }) => [id, { code, timeout }]))
  app = await runApp({ functions: { ...MODULES, ...table } })
})
after(() => app[Symbol.asyncDispose]())

function matches(found: unknown, wanted: unknown, what: string): void {
  if (typeof wanted === 'string' && wanted.startsWith('/') && wanted.endsWith('/'))
    assert.match(String(Array.isArray(found) ? found[0] : found), new RegExp(wanted.slice(1, -1)), what)
  else assert.deepEqual(found, wanted, what)
}

for (const { id, expect } of rows) {
  test(`case ${id}`, async () => {
    const { failed, value } = await app.call(id)
    const shown = JSON.stringify(value).slice(0, 400)
    assert.equal(failed, expect.failed, shown)
    if (typeof expect.value !== 'object' || expect.value === null) return assert.deepEqual(value, expect.value)
    for (const [key, wanted] of Object.entries(expect.value)) matches(Reflect.get(Object(value), key), wanted, shown)
  })
}

test('the environment is the function’s: what Lambda sets, its own variables, and nothing of the host', async () => {
  const { value } = await app.call('environment')
  const found = new Map(Object.entries(Object(value)))
  assert.equal(found.get('SECRET_OF_THE_HOST'), undefined)
  for (const name of ['HOME', 'USER', 'NODE_OPTIONS', 'npm_config_cache'])
    assert.equal(found.get(name), undefined, name)
  const expected = {
    MINE: 'yes',
    _HANDLER: 'index.handler',
    AWS_REGION: 'us-east-1',
    AWS_DEFAULT_REGION: 'us-east-1',
    AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
    AWS_LAMBDA_FUNCTION_NAME: 'test-dev-environment',
    AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '128',
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    AWS_LAMBDA_LOG_GROUP_NAME: '/aws/lambda/test-dev-environment',
    AWS_XRAY_CONTEXT_MISSING: 'LOG_ERROR',
    LAMBDA_TASK_ROOT: '/var/task',
    LAMBDA_RUNTIME_DIR: '/var/runtime',
    LANG: 'en_US.UTF-8',
    PWD: '/var/task',
    TZ: ':UTC',
    NODE_PATH: '/opt/nodejs/node24/node_modules:/opt/nodejs/node_modules:/var/runtime/node_modules',
    AWS_ENDPOINT_URL: app.cloud.aws,
    AWS_EC2_METADATA_DISABLED: 'true',
  }
  for (const [name, wanted] of Object.entries(expected)) assert.equal(found.get(name), wanted, name)
  assert.match(String(found.get('AWS_LAMBDA_LOG_STREAM_NAME')), /^\d{4}\/\d\d\/\d\d\/\[\$LATEST\][0-9a-f]{32}$/)
})

test('the context names the function and this invocation', async () => {
  const { value, requestId } = await app.call('context')
  const { left, logStreamName, ...context } = Object(value)
  assert.deepEqual(context, {
    functionName: 'test-dev-context',
    functionVersion: '$LATEST',
    invokedFunctionArn: 'arn:aws:lambda:us-east-1:000000000000:function:test-dev-context',
    memoryLimitInMB: '128',
    logGroupName: '/aws/lambda/test-dev-context',
    awsRequestId: requestId,
    callbackWaitsForEmptyEventLoop: true,
  })
  assert.ok(left > 4000 && left <= 5000, `${left} ms left`)
  assert.match(logStreamName, /\[\$LATEST\]/)
})

test('module state is kept while warm, also over an error, and is new after a timeout or a crash', async () => {
  const counts = async (how: string) => (await app.call('counter', { how })).value
  assert.equal(await counts('count'), 1)
  assert.equal(await counts('count'), 2)
  await app.call('counter', { how: 'throw' })
  assert.equal(await counts('count'), 4)
  await app.call('counter', { how: 'exit' })
  assert.equal(await counts('count'), 1)
})

test('what is logged stands between START, END and REPORT, with its level and its request', async () => {
  const { requestId } = await app.call('console')
  const lines = app.lines('console', requestId)
  const [start, ...rest] = lines
  assert.equal(start, `START RequestId: ${requestId} Version: $LATEST`)
  const stamped = (level: string, text: string) =>
    new RegExp(`^\\d{4}-\\d\\d-\\d\\dT[\\d:.]+Z\\t${requestId}\\t${level}\\t${text}`)
  assert.match(String(rest[0]), stamped('INFO', 'a b { c: 1 }$'))
  for (const [index, level] of ['INFO', 'DEBUG', 'TRACE', 'WARN', 'ERROR'].entries())
    assert.match(String(rest.filter((line) => line.includes(requestId))[index + 1]), stamped(level, ''), level)
  assert.ok(rest.includes('raw'))
  assert.ok(rest.includes(`END RequestId: ${requestId}`))
  assert.match(
    String(rest.at(-1)),
    new RegExp(
      `^REPORT RequestId: ${requestId}\\tDuration: [\\d.]+ ms\\tBilled Duration: \\d+ ms\\tMemory Size: 128 MB\\tMax Memory Used: \\d+ MB\\tInit Duration: [\\d.]+ ms$`,
    ),
  )
  const second = await app.call('console')
  assert.doesNotMatch(String(app.lines('console', second.requestId).at(-1)), /Init Duration/)
})

test('a failure is logged with its stack, a timeout in Lambda’s words', async () => {
  const failed = await app.call('lambda-error-node')
  const error = app.lines('lambda-error-node', failed.requestId).find((line) => line.includes('\tERROR\t'))
  assert.match(String(error), /Invoke Error \t\{"errorType":"Error","errorMessage":"boom","trace":\["Error: boom"/)
  const late = await app.call('lambda-timeout-new')
  const lines = app.lines('lambda-timeout-new', late.requestId)
  assert.match(String(lines[1]), new RegExp(`^[\\dT:.Z-]+ ${late.requestId} Task timed out after 1.00 seconds$`))
  assert.match(String(lines.at(-1)), /Duration: 1000.00 ms\t.*Status: timeout$/)
})

test('an event that ends its output does not silence the next one', async () => {
  await app.call('silencer', { end: true })
  const { requestId } = await app.call('silencer', {})
  assert.ok(app.lines('silencer', requestId).includes('still here'))
})

test('what one function does to its prototypes no other function sees, nor the local cloud', async () => {
  await app.call('polluter')
  assert.deepEqual((await app.call('polluted')).value, { seen: 'no', mapped: [2] })
  assert.equal(Reflect.get({}, 'polluted'), undefined)
})

test('a timer that throws after the answer costs the sandbox, not the next event', async () => {
  assert.equal((await app.call('leaver', { leave: 'throw' })).value, 1)
  await new Promise((resolve) => setTimeout(resolve, 100))
  assert.deepEqual(await app.call('leaver').then(({ failed, value }) => ({ failed, value })), {
    failed: false,
    value: 1,
  })
})

test('a module that never finishes loading is given up after ten seconds and its timeout', async () => {
  const began = performance.now()
  const { failed, value } = await app.call('stuck')
  assert.equal(failed, true)
  assert.equal(Object(value).errorType, 'Sandbox.Timedout')
  assert.ok(performance.now() - began < 13_000)
})

test('one event at a time in a sandbox, more sandboxes only when they are needed', async () => {
  const streams = async (count: number, wait: number) => {
    const answers = await Promise.all(Array.from({ length: count }, () => app.call('slow', { wait })))
    assert.deepEqual(
      answers.filter(({ failed }) => failed),
      [],
    )
    return new Set(answers.map(({ value }) => value)).size
  }
  await app.call('slow', { wait: 0 })
  assert.ok((await streams(10, 0)) <= 2, 'quick events share a sandbox')
  assert.ok((await streams(10, 300)) >= 5, 'slow events get more')
})

test('reserved concurrency: what is over it is throttled at once, nought stops all', async () => {
  const answers = await Promise.all(Array.from({ length: 5 }, () => app.call('reserved')))
  assert.equal(answers.filter(({ failed }) => !failed).length, 2)
  assert.equal(answers.filter(({ fault }) => fault === 'throttled').length, 3)
  assert.equal((await app.call('reserved')).failed, false)
  assert.equal((await app.call('off')).fault, 'throttled')
  assert.equal((await app.call('nothing')).fault, 'unknown function')
})

test('nodejs22.x still takes three parameters', async () => {
  assert.equal((await app.call('old')).value, 3)
})

test('the process that holds all this is still the same, and listens', async () => {
  assert.equal(process.pid, PID.pid)
  assert.equal((await fetch(`${app.cloud.aws}/_goblet/model`)).status, 200)
})
