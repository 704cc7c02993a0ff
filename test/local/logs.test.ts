// The local CloudWatch Logs as its SDK client sees it: the app's own logs, groups that anybody fills, filters, live tails.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  DeleteLogGroupCommand,
  DeleteLogStreamCommand,
  DescribeLogGroupsCommand,
  DescribeLogStreamsCommand,
  FilterLogEventsCommand,
  GetLogEventsCommand,
  type InputLogEvent,
  ListTagsForResourceCommand,
  PutLogEventsCommand,
  PutRetentionPolicyCommand,
  StartLiveTailCommand,
  TagResourceCommand,
  UntagResourceCommand,
} from '@aws-sdk/client-cloudwatch-logs'
import { startClock } from '../../src/local/index.ts'
import { type Running, runApp } from '../support/cloud.ts'

let app: Running
let client: CloudWatchLogsClient
const connect = () =>
  new CloudWatchLogsClient({
    endpoint: app.cloud.aws,
    region: 'us-east-1',
    credentials: { accessKeyId: 'goblet', secretAccessKey: 'goblet' },
    maxAttempts: 1,
    disableHostPrefix: true,
  })

before(async () => {
  const says = 'export const handler = ({ word }) => { console.log(word); return 1 }'
  app = await runApp({ functions: { says, quiet: says } }, { clock: startClock('virtual') })
  client = connect()
})
after(async () => {
  client.destroy()
  await app[Symbol.asyncDispose]()
})

const GROUP = '/aws/lambda/test-dev-says'
const arn = (group: string) => `arn:aws:logs:us-east-1:000000000000:log-group:${group}`
const now = () => app.cloud.clock.now()

async function make(group: string, stream = 'main'): Promise<void> {
  await client.send(new CreateLogGroupCommand({ logGroupName: group }))
  await client.send(new CreateLogStreamCommand({ logGroupName: group, logStreamName: stream }))
}
const put = (logGroupName: string, logEvents: InputLogEvent[], logStreamName = 'main') =>
  client.send(new PutLogEventsCommand({ logGroupName, logStreamName, logEvents }))
const say = (group: string, ...messages: readonly string[]) =>
  put(
    group,
    messages.map((message, index) => ({ message, timestamp: now() + index })),
  )
const filter = async (logGroupName: string, filterPattern?: string) =>
  ((await client.send(new FilterLogEventsCommand({ logGroupName, filterPattern }))).events ?? []).map(
    ({ message }) => message,
  )

test("a function's log is a group, with what it said", async () => {
  await app.call('says', { word: 'hello\nthere' })
  const { logGroups = [] } = await client.send(new DescribeLogGroupsCommand({ logGroupNamePrefix: '/aws/lambda/' }))
  assert.deepEqual(
    logGroups.map(({ logGroupName, arn }) => [logGroupName, arn]),
    [
      ['/aws/lambda/test-dev-quiet', `${arn('/aws/lambda/test-dev-quiet')}:*`],
      [GROUP, `${arn(GROUP)}:*`],
    ],
  )
  const { logStreams = [] } = await client.send(new DescribeLogStreamsCommand({ logGroupName: GROUP }))
  const [stream] = logStreams
  assert.match(String(stream?.logStreamName), /^\d{4}\/\d\d\/\d\d\/\[\$LATEST\][0-9a-f]{32}$/)
  const { events = [] } = await client.send(
    new GetLogEventsCommand({ logGroupName: GROUP, logStreamName: stream?.logStreamName, startFromHead: true }),
  )
  assert.deepEqual(
    events.map(({ message }) => message?.split(' ')[0]?.split('\t').at(-1)),
    ['START', 'hello\nthere\n', 'END', 'REPORT'],
  )
  assert.match((await filter(GROUP, '"hello"'))[0] ?? '', /hello\nthere\n$/)
})

test('events come back in order, page by page, both ways', async () => {
  await make('paged')
  await say('paged', ...'abcdefg')
  const read = async (startFromHead: boolean, nextToken?: string) =>
    client.send(
      new GetLogEventsCommand({ logGroupName: 'paged', logStreamName: 'main', limit: 3, startFromHead, nextToken }),
    )
  const words = ({ events = [] }: Awaited<ReturnType<typeof read>>) => events.map(({ message }) => message).join('')
  const first = await read(true)
  const second = await read(true, first.nextForwardToken)
  const third = await read(true, second.nextForwardToken)
  const last = await read(true, third.nextForwardToken)
  assert.deepEqual([first, second, third, last].map(words), ['abc', 'def', 'g', ''])
  assert.equal(last.nextForwardToken, third.nextForwardToken)
  const newest = await read(false)
  assert.deepEqual([words(newest), words(await read(false, newest.nextBackwardToken))], ['efg', 'bcd'])
})

const PATTERNS: readonly (readonly [pattern: string, messages: readonly string[]])[] = [
  ['', ['ERROR one two', 'ERROR two', 'WARN one', 'INFO x']],
  ['ERROR', ['ERROR one two', 'ERROR two']],
  ['ERROR one', ['ERROR one two']],
  ['"one two"', ['ERROR one two']],
  ['?WARN ?INFO', ['WARN one', 'INFO x']],
  ['ERROR -one', ['ERROR two']],
  ['-ERROR', ['WARN one', 'INFO x']],
  ['%(WARN|INFO) .$%', ['INFO x']],
]
test('filter patterns of terms', async () => {
  await make('terms')
  await say('terms', 'ERROR one two', 'ERROR two', 'WARN one', 'INFO x')
  for (const [pattern, wanted] of PATTERNS) assert.deepEqual(await filter('terms', pattern), wanted, pattern)
})

const SELECTORS: readonly (readonly [pattern: string, ids: readonly number[]])[] = [
  ['{ $.level = "ERROR" }', [1, 3]],
  ['{ $.level = "E*" && $.took > 100 }', [3]],
  ['{ $.took >= 100 || $.level = "INFO" }', [2, 3]],
  ['{ ($.level = "ERROR") && ($.took < 100) }', [1]],
  ['{ $.user.name = "ann" }', [2]],
  ['{ $.list[0] = "x" }', [1]],
  ['{ $.gone IS NULL }', [2]],
  ['{ $.ok IS TRUE }', [1]],
  ['{ $.user NOT EXISTS }', [1, 3]],
  ['{ $.level != "ERROR" }', [2]],
  ['{ $.level = %^(INFO|WARN)$% }', [2]],
]
test('filter patterns of JSON', async () => {
  await make('json')
  await say(
    'json',
    '{"id":1,"level":"ERROR","took":50,"list":["x"],"ok":true}',
    '{"id":2,"level":"INFO","took":100,"user":{"name":"ann"},"gone":null}',
    '{"id":3,"level":"ERROR","took":200}',
    'not JSON at all',
  )
  for (const [pattern, wanted] of SELECTORS) {
    const found = (await filter('json', pattern)).map((message) => JSON.parse(String(message)).id)
    assert.deepEqual(found, wanted, pattern)
  }
  for (const broken of ['{ $.a = }', '{ a = 1 }', '{ $.a = 1', '%(%'])
    await assert.rejects(filter('json', broken), { name: 'InvalidParameterException' }, broken)
})

test('what is too new, too old or out of order is refused', async () => {
  await make('times')
  const day = 86_400_000
  await assert.rejects(
    put('times', [
      { message: 'b', timestamp: now() },
      { message: 'a', timestamp: now() - 1 },
    ]),
    {
      name: 'InvalidParameterException',
      message: 'Log events in a single PutLogEvents request must be in chronological order.',
    },
  )
  const late = await put('times', [{ message: 'old', timestamp: now() - 15 * day }])
  assert.equal(late.rejectedLogEventsInfo?.tooOldLogEventEndIndex, 1)
  const early = await put('times', [
    { message: 'good', timestamp: now() },
    { message: 'new', timestamp: now() + 3 * 3_600_000 },
  ])
  assert.equal(early.rejectedLogEventsInfo?.tooNewLogEventStartIndex, 1)
  assert.deepEqual(await filter('times'), ['good'])
})

test('a group keeps what it holds for as long as it is told', async () => {
  await make('brief')
  await client.send(new PutRetentionPolicyCommand({ logGroupName: 'brief', retentionInDays: 3 }))
  await say('brief', 'one')
  await app.cloud.clock.advance(2 * 86_400_000)
  assert.deepEqual(await filter('brief'), ['one'])
  await app.cloud.clock.advance(2 * 86_400_000)
  assert.deepEqual(await filter('brief'), [])
  const { logGroups } = await client.send(new DescribeLogGroupsCommand({ logGroupNamePattern: 'BRIE' }))
  assert.equal(logGroups?.[0]?.retentionInDays, 3)
})

test('names may be as long as AWS lets them be', async () => {
  const [group, stream] = ['y'.repeat(512), '漢'.repeat(512)]
  await make(group, stream)
  await put(group, [{ message: 'long', timestamp: now() }], stream)
  assert.deepEqual(await filter(group), ['long'])
})

test('a live tail is told what comes', async () => {
  await make('tailed')
  const { responseStream = [] } = await client.send(
    new StartLiveTailCommand({ logGroupIdentifiers: [arn('tailed'), arn(GROUP)], logEventFilterPattern: '"wanted"' }),
  )
  const seen: string[] = []
  for await (const { sessionStart, sessionUpdate } of responseStream) {
    if (sessionStart !== undefined) {
      await say('tailed', 'not this', 'wanted 1')
      await app.call('says', { word: 'wanted 2' })
    }
    for (const { message } of sessionUpdate?.sessionResults ?? []) seen.push(String(message))
    if (seen.length >= 2) break
  }
  assert.match(seen.join('|'), /^wanted 1\|.*wanted 2\n$/)
})

const GONE = 'The specified log group does not exist.'
const REFUSALS: readonly (readonly [string, () => Promise<unknown>, string, string])[] = [
  ['a group that is not there', () => filter('nothing'), 'ResourceNotFoundException', GONE],
  [
    'deleting it',
    () => client.send(new DeleteLogGroupCommand({ logGroupName: 'x' })),
    'ResourceNotFoundException',
    GONE,
  ],
  ['making it twice', () => make(GROUP), 'ResourceAlreadyExistsException', 'The specified log group already exists'],
  [
    'a stream that is not there',
    () => put(GROUP, [{ message: 'x', timestamp: now() }], 'none'),
    'ResourceNotFoundException',
    'The specified log stream does not exist.',
  ],
  [
    'a prefix and a pattern',
    () => client.send(new DescribeLogGroupsCommand({ logGroupNamePrefix: 'a', logGroupNamePattern: 'b' })),
    'InvalidParameterException',
    'LogGroup name prefix and LogGroup name pattern are mutually exclusive parameters.',
  ],
  [
    'a name and an ARN',
    () => client.send(new DescribeLogStreamsCommand({ logGroupName: GROUP, logGroupIdentifier: GROUP })),
    'ValidationException',
    'LogGroup name and LogGroup ARN are mutually exclusive parameters.',
  ],
]
for (const [what, ask, name, message] of REFUSALS)
  test(`refused: ${what}`, () =>
    assert.rejects(ask(), (error: Error) => {
      assert.deepEqual([error.name, error.message], [name, message])
      return true
    }))

test('tags, deletion, and what is there after a restart', async () => {
  await make('kept')
  await make('dropped')
  await say('kept', 'still here')
  await client.send(new TagResourceCommand({ resourceArn: arn('kept'), tags: { a: '1', b: '2' } }))
  await client.send(new UntagResourceCommand({ resourceArn: arn('kept'), tagKeys: ['a'] }))
  await client.send(new DeleteLogStreamCommand({ logGroupName: 'dropped', logStreamName: 'main' }))
  await client.send(new DeleteLogGroupCommand({ logGroupName: 'dropped' }))
  await app.restart({ clock: startClock('virtual', now()) })
  client.destroy()
  client = connect()
  assert.deepEqual(await filter('kept'), ['still here'])
  const { tags } = await client.send(new ListTagsForResourceCommand({ resourceArn: arn('kept') }))
  assert.deepEqual(tags, { b: '2' })
  await assert.rejects(filter('dropped'), { name: 'ResourceNotFoundException' })
})
