// Deploys against MiniStack, by processes of their own through a proxy that counts: first, again, code only, taken back, removed.
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { after, before, test } from 'node:test'
import { CloudFormation } from '@aws-sdk/client-cloudformation'
import { CloudWatchLogs } from '@aws-sdk/client-cloudwatch-logs'
import { Lambda } from '@aws-sdk/client-lambda'
import { S3 } from '@aws-sdk/client-s3'
import type { Order } from '../support/deployer.ts'
import { type Deployers, openDeployers, type Told } from '../support/deployers.ts'
import { answers, type Small } from '../support/deploying.ts'
import { type FaultProxy, openFaultProxy } from '../support/fault-proxy.ts'
import { isInstalled, type Running, startTarget } from '../support/peers.ts'

const skip = isInstalled('ministack') ? false : 'ministack is not installed'

let cloud: Running
let proxy: FaultProxy
let deployers: Deployers

before(async () => {
  if (skip !== false) return
  cloud = await startTarget('ministack')
  proxy = await openFaultProxy(cloud.endpoint)
  deployers = await openDeployers()
})

after(async () => {
  if (skip !== false) return
  await proxy.close()
  await deployers[Symbol.asyncDispose]()
  await cloud.stop()
})

async function run(small: Small, order: Partial<Order> = {}): Promise<Told> {
  proxy.seen.length = 0
  return deployers.run({ does: 'deploy', endpoint: proxy.endpoint, small, ...order })
}

const mutations = (): string[] => proxy.seen.filter((one) => one.mutates).map((one) => one.name)

// MiniStack takes the access key for the account: every test has one of its own.
const clientsOf = ({ account }: Small) => {
  const given = {
    endpoint: cloud.endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: account, secretAccessKey: 'test' },
  }
  return {
    lambda: new Lambda(given),
    s3: new S3({ ...given, forcePathStyle: true }),
    cloudformation: new CloudFormation(given),
    logs: new CloudWatchLogs(given),
  }
}

const shop = (account: string, more: Partial<Small> = {}): Small => ({
  app: 'shop',
  account,
  functions: { hello: answers('one'), work: answers('work') },
  queues: ['jobs'],
  ...more,
})

async function called(small: Small, name: string): Promise<string> {
  const { Payload } = await clientsOf(small).lambda.invoke({ FunctionName: `shop-test-${name}`, Qualifier: 'live' })
  return String(JSON.parse(Buffer.from(Payload ?? []).toString()).body)
}

test('a first deploy makes everything live; the same again changes nothing and says so', { skip }, async () => {
  const small = shop('100000000001')
  const first = await run(small)
  assert.equal(first.did, 'stack', first.message)
  assert.deepEqual(
    first.functions?.map(({ name, version, changed }) => [name, version, changed]),
    [
      ['hello', '1', true],
      ['work', '1', true],
    ],
  )
  assert.equal(first.mutations, mutations().length)
  assert.equal(await called(small, 'hello'), 'one')
  const again = await run(small)
  assert.equal(again.did, 'nothing')
  assert.deepEqual(mutations(), [])
  assert.equal(again.mutations, 0)
})

test('one changed function is one upload, one change of code and one move of its alias', { skip }, async () => {
  const small = shop('100000000002')
  await run(small)
  const changed = { ...small, functions: { ...small.functions, hello: answers('two') } }
  const told = await run(changed)
  assert.equal(told.did, 'code', told.message)
  const [lock, uploaded, code, alias, unlock, ...more] = mutations()
  assert.deepEqual([lock, unlock], ['s3.PUT locks/shop-test.json', 's3.DELETE locks/shop-test.json'])
  assert.match(uploaded ?? '', /^s3\.PUT test\/hello-\w+\.zip$/)
  assert.deepEqual([code, alias, more], ['lambda.PUT shop-test-hello/code', 'lambda.PUT aliases/live', []])
  assert.equal(await called(changed, 'hello'), 'two')
  assert.deepEqual(
    told.functions?.map(({ name, changed }) => [name, changed]),
    [
      ['hello', true],
      ['work', false],
    ],
  )
})

test('code that is in the stack before comes back, though CloudFormation sees no difference', { skip }, async () => {
  const small = shop('100000000003')
  await run(small)
  await run({ ...small, functions: { ...small.functions, hello: answers('two') } })
  const back = await run({ ...small, queues: ['jobs', 'more'] })
  assert.equal(back.did, 'stack', back.message)
  assert.equal(await called(small, 'hello'), 'one')
})

test('rollback takes back what the last deploy changed, and nothing else; a deploy brings it again', {
  skip,
}, async () => {
  const small = shop('100000000004')
  await run(small)
  const two = { ...small, functions: { hello: answers('two'), work: answers('work two') } }
  await run(two)
  const three = { ...two, functions: { ...two.functions, hello: answers('three') } }
  await run(three)
  const back = await run(three, { does: 'rollback' })
  assert.deepEqual(back.moved, [{ name: 'hello', from: '3', to: '2' }], back.message)
  assert.equal(await called(small, 'hello'), 'two')
  assert.equal(await called(small, 'work'), 'work two')
  const further = await run(three, { does: 'rollback' })
  assert.deepEqual(further.moved, [
    { name: 'hello', from: '2', to: '1' },
    { name: 'work', from: '2', to: '1' },
  ])
  const further2 = await run(three, { does: 'rollback' })
  assert.deepEqual([further2.moved, further2.new], [[], ['hello', 'work']])
  const chosen = await run(three, { does: 'rollback', only: 'hello', to: '2' })
  assert.deepEqual(chosen.moved, [{ name: 'hello', from: '1', to: '2' }])
  const none = await run(three, { does: 'rollback', only: 'hello', to: '9' })
  assert.deepEqual(none.codes, ['GOBLET_NO_VERSION'])
  const again = await run(three)
  assert.equal(again.did, 'code')
  assert.equal(await called(small, 'hello'), 'three')
})

test('remove takes everything away, and a second one says that there is nothing', { skip }, async () => {
  const small = shop('100000000005')
  await run(small)
  const removed = await run(small, { does: 'remove' })
  assert.equal(removed.found, true, removed.message)
  const { lambda, s3, cloudformation } = clientsOf(small)
  assert.deepEqual((await lambda.listFunctions({})).Functions, [])
  const left = await s3.listObjectsV2({ Bucket: 'goblet-artifacts-100000000005-us-east-1' })
  assert.deepEqual(left.Contents ?? [], [])
  assert.deepEqual((await cloudformation.describeStacks({})).Stacks, [])
  const again = await run(small, { does: 'remove' })
  assert.equal(again.found, false, again.message)
})

test('what holds data is named when it stays, and emptied when it goes', { skip }, async () => {
  const kept = { DeletionPolicy: 'RetainExceptOnCreate', UpdateReplacePolicy: 'Retain' } as const
  const more = { BucketPhotos: { Type: 'AWS::S3::Bucket', Properties: { BucketName: 'shop-test-photos' }, ...kept } }
  const small = shop('100000000006', { more })
  await run(small)
  const { s3 } = clientsOf(small)
  await s3.putObject({ Bucket: 'shop-test-photos', Key: 'a', Body: 'x' })
  const removed = await run(small, { does: 'remove', data: true })
  assert.deepEqual([removed.found, removed.kept], [true, []], removed.message)
  await assert.rejects(s3.headBucket({ Bucket: 'shop-test-photos' }))
  const other = shop('100000000016', { more })
  await run(other)
  // MiniStack knows no DeletionPolicy and removes it all the same; what is told is what AWS does.
  const without = await run(other, { does: 'remove' })
  assert.deepEqual(without.kept, [{ type: 'AWS::S3::Bucket', name: 'shop-test-photos' }], without.message)
})

test('a function that another hand deleted is made again in two steps', { skip }, async () => {
  const small = shop('100000000007')
  await run(small)
  const { lambda, logs } = clientsOf(small)
  await lambda.deleteFunction({ FunctionName: 'shop-test-hello' })
  await logs.deleteLogGroup({ logGroupName: '/aws/lambda/shop-test-work' })
  const told = await run(small)
  assert.equal(told.did, 'stack', told.message)
  assert.match(JSON.stringify(told.notes), /Somebody deleted FunctionHello, LogGroupWork/)
  assert.equal(await called(small, 'hello'), 'one')
  const { logGroups = [] } = await logs.describeLogGroups({})
  assert.equal(logGroups.find((one) => one.logGroupName === '/aws/lambda/shop-test-work')?.retentionInDays, 7)
  assert.equal((await run(small)).did, 'nothing')
})

test('settings that another hand changed are told and put right', { skip }, async () => {
  const small = shop('100000000008')
  await run(small)
  const { lambda } = clientsOf(small)
  const Variables = { LEVEL: 'debug', EXTRA: 'x' }
  await lambda.updateFunctionConfiguration({ FunctionName: 'shop-test-hello', Timeout: 3, Environment: { Variables } })
  const told = await run(small)
  assert.equal(told.did, 'code', told.message)
  assert.match(JSON.stringify(told.notes), /timeout is 3, not 10; the environment differs in EXTRA, LEVEL/)
  const now = await lambda.getFunctionConfiguration({ FunctionName: 'shop-test-hello', Qualifier: 'live' })
  assert.deepEqual([now.Timeout, now.Environment?.Variables], [10, { LEVEL: 'info' }])
  assert.equal((await run(small)).did, 'nothing')
})

test('the first cause of a failure is told, and a deploy after it is mended starts anew', { skip }, async () => {
  const more = { Broken: { Type: 'AWS::Goblet::Nothing', Properties: {} } }
  const failed = await run(shop('100000000009', { more }))
  assert.deepEqual(failed.codes, ['GOBLET_STACK_FAILED'])
  assert.match(failed.message ?? '', /Broken \(AWS::Goblet::Nothing\) failed/)
  const mended = await run(shop('100000000009'))
  assert.equal(mended.did, 'stack', mended.message)
})

test('a failed update leaves what was live, and the next one goes on', { skip }, async () => {
  const small = shop('100000000010')
  await run(small)
  const more = { Broken: { Type: 'AWS::Goblet::Nothing', Properties: {} } }
  const failed = await run({ ...small, more })
  assert.deepEqual(failed.codes, ['GOBLET_STACK_FAILED'])
  const told = await run({ ...small, functions: { ...small.functions, hello: answers('two') } })
  assert.ok(told.did !== undefined, told.message)
  assert.equal(await called(small, 'hello'), 'two')
})

test('a template that is too large for a call goes by way of the bucket', { skip }, async () => {
  const queues = Array.from({ length: 3 }, (_, index) => `q${index}`)
  const text = 'x'.repeat(30_000)
  const more = {
    Long: { Type: 'AWS::SSM::Parameter', Properties: { Type: 'String', Value: 'v', Description: text, Name: '/a' } },
    Longer: { Type: 'AWS::SSM::Parameter', Properties: { Type: 'String', Value: 'v', Description: text, Name: '/b' } },
  }
  const told = await run(shop('100000000011', { queues, more }))
  assert.equal(told.did, 'stack', told.message)
  assert.match(mutations().join(' '), /s3\.PUT templates\/[0-9a-f]{32}\.json/)
})

test('an app that fails after a deploy goes back to the versions before', { skip }, async () => {
  const small = shop('100000000012')
  await run(small)
  const two = { ...small, functions: { ...small.functions, hello: answers('two') } }
  const { createServer } = await import('node:http')
  const server = createServer((_, answer) => answer.writeHead(503).end())
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}/health`
  const told = await run(two, { smoke: url })
  server.close()
  assert.deepEqual(told.codes, ['GOBLET_SMOKE'])
  assert.match(told.message ?? '', /answered 503\. The functions are back on the versions before/)
  assert.equal(await called(small, 'hello'), 'one')
})

test('a canary gives a part of the calls to the new version, then all; rollback takes one back', { skip }, async () => {
  const small = shop('100000000013')
  await run(small)
  const two = { ...small, functions: { ...small.functions, hello: answers('two') } }
  const { lambda } = clientsOf(small)
  const { child, ended } = deployers.start({ does: 'deploy', endpoint: proxy.endpoint, small: two, canary: '25%/60s' })
  let weights: Record<string, number> | undefined
  for (let turn = 0; turn < 100 && weights === undefined; turn++) {
    await new Promise((resolve) => setTimeout(resolve, 100))
    const alias = await lambda.getAlias({ FunctionName: 'shop-test-hello', Name: 'live' })
    weights = alias.RoutingConfig?.AdditionalVersionWeights
  }
  assert.deepEqual(weights, { 2: 0.25 })
  child.kill('SIGKILL')
  await ended
  const back = await run(two, { does: 'rollback' })
  assert.deepEqual(back.canary, ['hello'], back.message)
  const whole = await run(two, { canary: '25%/1s' })
  assert.equal(whole.did, 'code', whole.message)
  const alias = await lambda.getAlias({ FunctionName: 'shop-test-hello', Name: 'live' })
  assert.deepEqual([alias.FunctionVersion, alias.RoutingConfig], ['2', undefined])
})

test('buckets of others keep their own notifications, and get and lose those of the app', { skip }, async () => {
  const arn = 'arn:aws:lambda:us-east-1:100000000014:function:shop-test-hello:live'
  const listener = {
    bucket: 'theirs',
    id: 'goblet-shop-test.hello',
    function: arn,
    events: ['s3:ObjectCreated:*'],
    prefix: 'in/',
    suffix: '',
  }
  const Properties = {
    Action: 'lambda:InvokeFunction',
    FunctionName: { Ref: 'AliasHello' },
    Principal: 's3.amazonaws.com',
    SourceArn: 'arn:aws:s3:::theirs',
  }
  const more = { Permission: { Type: 'AWS::Lambda::Permission', Properties } }
  const small = shop('100000000014', { listeners: [listener], more })
  const { s3 } = clientsOf(small)
  await s3.createBucket({ Bucket: 'theirs' })
  const other = {
    Id: 'other',
    LambdaFunctionArn: arn.replace('hello:live', 'work'),
    Events: ['s3:ObjectRemoved:*' as const],
  }
  const NotificationConfiguration = { LambdaFunctionConfigurations: [other] }
  await s3.putBucketNotificationConfiguration({ Bucket: 'theirs', NotificationConfiguration })
  await run(small)
  const read = async () => {
    const found = await s3.getBucketNotificationConfiguration({ Bucket: 'theirs' })
    return (found.LambdaFunctionConfigurations ?? []).map(({ Id }) => Id).sort()
  }
  assert.deepEqual(await read(), ['goblet-shop-test.hello', 'other'])
  assert.equal((await run(small)).did, 'nothing')
})

test('an app of several stacks is deployed, left alone, changed and removed with its data', { skip }, async () => {
  const kept = { DeletionPolicy: 'RetainExceptOnCreate', UpdateReplacePolicy: 'Retain' } as const
  const bucket = { Type: 'AWS::S3::Bucket', Properties: { BucketName: 'shop-test-parted' }, ...kept }
  const small = shop('100000000018', { parts: { PartOne: { Photos: bucket } } })
  const first = await run(small)
  assert.equal(first.did, 'stack', first.message)
  assert.equal((await run(small)).did, 'nothing')
  const queue = { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'shop-test-parted' } }
  const changed = await run({ ...small, parts: { PartOne: { Photos: bucket, Queue: queue } } })
  assert.equal(changed.did, 'stack', changed.message)
  const { s3 } = clientsOf(small)
  await s3.putObject({ Bucket: 'shop-test-parted', Key: 'a', Body: 'x' })
  const removed = await run(small, { does: 'remove', data: true })
  assert.deepEqual([removed.found, removed.kept], [true, []], removed.message)
  await assert.rejects(s3.headBucket({ Bucket: 'shop-test-parted' }))
})

test('callers get the old answer or the new one while code goes live, and never a failure', { skip }, async () => {
  const small = shop('100000000017')
  await run(small)
  const seen: string[] = []
  let isOver = false
  const calling = (async () => {
    while (!isOver) seen.push(await called(small, 'hello'))
  })()
  await run({ ...small, functions: { ...small.functions, hello: answers('two') } })
  isOver = true
  await calling
  seen.push(await called(small, 'hello'))
  assert.equal(seen.at(-1), 'two')
  assert.deepEqual([...new Set(seen)], ['one', 'two'])
})

test('every key of an artifact says its content', { skip }, async () => {
  const small = shop('100000000015')
  await run(small)
  const { s3 } = clientsOf(small)
  const Bucket = 'goblet-artifacts-100000000015-us-east-1'
  const { Contents = [] } = await s3.listObjectsV2({ Bucket, Prefix: 'shop/test/' })
  assert.equal(Contents.length, 2)
  for (const { Key = '' } of Contents) {
    const bytes = await (await s3.getObject({ Bucket, Key })).Body?.transformToByteArray()
    const hash = createHash('sha256')
      .update(bytes ?? new Uint8Array())
      .digest('hex')
    assert.ok(Key.includes(hash.slice(0, 16)), Key)
  }
})
