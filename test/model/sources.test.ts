// Tables, streams, buses, secrets, parameters and schedules: every default spelled out, and what is complained of.
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Options } from '../../src/model/index.ts'
import { complaintsOf, type Described, declared, modelOf, reference } from '../support/declared.ts'

const { owns, change, reader, rule, schedule, lambda, queue, topic, bucket } = declared
const at = (line: number) => ({ file: 'app.ts', line })

describe('the model', () => {
  it('spells out a table and its trigger', () => {
    const { resources, triggers, functions } = modelOf([
      owns('table', 'notes', {
        key: ['room', 'at'],
        types: { at: 'N' },
        indexes: { byUser: 'user', byDay: { key: ['room', 'day'], projection: ['title'], local: true } },
        ttl: 'expires',
      }),
      change('log', 'notes', { retries: 3, onFailure: reference('lost') }),
      queue('lost'),
    ])
    assert.deepEqual(
      resources.find(({ kind }) => kind === 'table'),
      {
        kind: 'table',
        export: 'notes',
        name: 'notes',
        physicalName: 'shop-dev-notes',
        existing: false,
        key: { partition: 'room', sort: 'at' },
        attributes: { room: 'S', at: 'N', user: 'S', day: 'S' },
        indexes: [
          { name: 'byUser', partition: 'user', sort: undefined, local: false, projection: 'ALL' },
          { name: 'byDay', partition: 'room', sort: 'day', local: true, projection: ['title'] },
        ],
        ttl: 'expires',
        stream: 'NEW_AND_OLD_IMAGES',
        provisioned: undefined,
        deletionProtection: false,
        recovery: false,
        where: at(2),
      },
    )
    assert.deepEqual(triggers, [
      {
        kind: 'table',
        table: 'notes',
        function: 'log',
        from: 'latest',
        batchSize: 100,
        window: 0,
        filter: [],
        retries: 3,
        maximumAge: undefined,
        bisect: false,
        parallel: 1,
        tumblingWindow: 0,
        onFailure: { kind: 'queue', name: 'lost' },
        where: at(3),
      },
    ])
    // Those are the event source's: Lambda's own are for events that nobody waits for.
    assert.deepEqual([functions[0]?.retries, functions[0]?.maximumAge], [2, 21_600])
  })

  it('gives a table no stream that nobody asked for', () => {
    const streams = modelOf([
      owns('table', 'one', { key: 'id' }),
      owns('table', 'two', { key: 'id', stream: 'keys' }),
      change('log', 'two'),
    ]).resources.map((one) => one.kind === 'table' && one.stream)
    assert.deepEqual(streams, [undefined, 'KEYS_ONLY'])
  })

  it('spells out streams, buses, secrets, parameters and what is CloudFormation’s', () => {
    const { resources, triggers } = modelOf([
      owns('stream', 'clicks', { shards: 2 }),
      reader('count', 'clicks', { from: '2026-01-01T00:00:00Z', tumblingWindow: 60 }, 'onBatch'),
      owns('bus', 'shop', {}),
      owns('bus', 'default', {}),
      rule('mail', 'shop', { source: ['shop'] }),
      owns('secret', 'key', { generate: { key: 'password', template: { user: 'a' } } }),
      owns('secret', 'arn:aws:secretsmanager:us-east-1:123456789012:secret:theirs-AbCdEf', { local: 'x' }),
      owns('param', '/shared/host', { existing: true, local: 'localhost' }),
      owns('param', 'limit', { value: '3' }),
      owns('resource', 'AWS::SES::EmailIdentity', { properties: { EmailIdentity: 'a.example' } }),
    ])
    const facts = resources.map(({ where: _, export: __, name: ___, ...rest }) => rest)
    const made = { existing: false }
    assert.deepEqual(facts, [
      { kind: 'stream', physicalName: 'shop-dev-clicks', ...made, shards: 2, retention: 86_400 },
      { kind: 'bus', physicalName: 'shop-dev-shop', ...made },
      { kind: 'bus', physicalName: 'default', existing: true },
      {
        kind: 'secret',
        physicalName: 'shop-dev-key',
        ...made,
        description: '',
        generate: { length: 32, exclude: '', key: 'password', template: { user: 'a' } },
        local: undefined,
      },
      {
        kind: 'secret',
        physicalName: 'theirs-AbCdEf',
        existing: true,
        description: '',
        generate: undefined,
        local: 'x',
      },
      {
        kind: 'param',
        physicalName: '/shared/host',
        existing: true,
        description: '',
        type: 'String',
        value: undefined,
        local: 'localhost',
      },
      {
        kind: 'param',
        physicalName: 'shop-dev-limit',
        ...made,
        description: '',
        type: 'String',
        value: '3',
        local: undefined,
      },
      {
        kind: 'resource',
        physicalName: 'AWS__SES__EmailIdentity',
        ...made,
        type: 'AWS::SES::EmailIdentity',
        properties: { EmailIdentity: 'a.example' },
      },
    ])
    const [reading, ruled] = triggers
    assert.deepEqual(reading?.kind === 'stream' && [reading.from, reading.tumblingWindow], [1_767_225_600_000, 60])
    assert.deepEqual(ruled, { kind: 'bus', function: 'mail', bus: 'shop', pattern: { source: ['shop'] }, where: at(6) })
  })

  it('knows who wakes a schedule', () => {
    const { triggers } = modelOf([
      schedule('a', 'rate(1 day)'),
      schedule('b', 'at(2030-01-01T00:00:00)'),
      schedule('c', 'cron(0 3 * * ? *)', {
        timezone: 'Europe/Berlin',
        start: '2026-01-01T00:00:00Z',
        window: 15,
        input: { n: 1 },
      }),
    ])
    assert.deepEqual(
      triggers.map((one) => one.kind === 'schedule' && [one.service, one.timezone, one.start, one.window, one.input]),
      [
        ['rule', 'UTC', undefined, 0, undefined],
        ['scheduler', 'UTC', undefined, 0, undefined],
        ['scheduler', 'Europe/Berlin', 1_767_225_600_000, 15, { n: 1 }],
      ],
    )
  })

  it('knows what becomes of events that nobody waits for', () => {
    const { functions } = modelOf([
      lambda('task', {
        retries: 0,
        maximumAge: 60,
        deadLetter: reference('lost'),
        destinations: { success: reference('other', 'function'), failure: reference('shelf', 'bucket') },
      }),
      lambda('other'),
      queue('lost'),
      bucket('shelf'),
    ])
    const [task, other] = functions
    assert.deepEqual(
      [task?.retries, task?.maximumAge, task?.deadLetter, task?.destinations],
      [
        0,
        60,
        { kind: 'queue', name: 'lost' },
        { success: { kind: 'function', name: 'other' }, failure: { kind: 'bucket', name: 'shelf' } },
      ],
    )
    assert.deepEqual([other?.retries, other?.deadLetter], [2, undefined])
  })
})

describe('complains', () => {
  const notes = (more: Options = {}) => owns('table', 'notes', { key: ['room', 'at'], ...more })
  const clicks = owns('stream', 'clicks', {})
  const shop = owns('bus', 'shop', {})
  const rows: readonly [what: string, Described[], message: RegExp][] = [
    ['of a table without a key', [owns('table', 'notes', {})], /^`key` of the table notes is missing/],
    ['of a key that is none', [notes({ key: ['a', 'a'] })], /^`key` of the table notes is \["a","a"\]/],
    ['of types that are none', [notes({ types: { at: 'Number' } })], /has "Number" as the type of at/],
    [
      'of the type of what is in no key',
      [notes({ types: { text: 'S' } })],
      /says the type of text, which is in no key/,
    ],
    [
      'of an index without a key',
      [notes({ indexes: { byUser: { local: true } } })],
      /has the index byUser, which has no `key`/,
    ],
    ['of a short name', [notes({ indexes: { by: 'user' } })], /has an index called "by"/],
    [
      'of a part of an index',
      [notes({ indexes: { byUser: { key: 'user', project: 'all' } } })],
      /has "all" as `project`/,
    ],
    [
      'of a local index with another key',
      [notes({ indexes: { byUser: { key: ['user', 'at'], local: true } } })],
      /has the local index byUser/,
    ],
    ['of a view that is none', [notes({ stream: 'all' })], /^`stream` of the table notes is "all"/],
    ['of capacity in half', [notes({ provisioned: { read: 1 } })], /^`provisioned` of the table notes is/],
    [
      'of a table’s trigger from a time',
      [notes(), change('log', 'notes', { from: '2026-01-01' })],
      /^`from` of the table trigger log is/,
    ],
    ['of a trigger of what is not exported', [change('log', 'notes')], /^The function log refers to `notes`/],
    ['of a reader of what is not exported', [reader('log', 'clicks')], /^The function log refers to `clicks`/],
    [
      'of a rule of what is not exported',
      [rule('mail', 'shop', { source: ['a'] })],
      /^The function mail refers to `shop`/,
    ],
    [
      'of parallel windows',
      [clicks, reader('a', 'clicks', { parallel: 2, tumblingWindow: 9 }, 'onBatch')],
      /is 2 beside a tumbling window/,
    ],
    [
      'of a window for single records',
      [clicks, reader('a', 'clicks', { tumblingWindow: 9 })],
      /stands on a function that gets one record at a time/,
    ],
    ['of a bad filter', [clicks, reader('a', 'clicks', { filter: { data: 'x' } })], /is none that AWS takes/],
    [
      'of a bad time',
      [clicks, reader('a', 'clicks', { from: 'yesterday' })],
      /^`from` of the stream consumer a is "yesterday"/,
    ],
    [
      'of retention in minutes',
      [owns('stream', 'clicks', { retention: 90_000.5 })],
      /^`retention` of the stream clicks/,
    ],
    [
      'of a bad pattern',
      [shop, rule('mail', 'shop', { source: 'shop' })],
      /The filter .* of the rule mail is none that AWS takes/,
    ],
    [
      'of schemas that are none',
      [owns('bus', 'shop', { schemas: { Placed: 1 } })],
      /`schemas` of the bus shop has 1 for Placed/,
    ],
    [
      'of a secret made twice',
      [owns('secret', 'key', { existing: true, generate: true })],
      /`generate` of the secret key stands beside `existing`/,
    ],
    [
      'of a part of a secret',
      [owns('secret', 'key', { generate: { size: 3 } })],
      /has `size`, which is none of its parts/,
    ],
    ['of a parameter without a value', [owns('param', 'limit', {})], /`value` of the parameter limit is missing/],
    [
      'of a parameter that CloudFormation cannot make',
      [owns('param', 'limit', { type: 'SecureString', value: 'x' })],
      /`type` of the parameter limit is SecureString/,
    ],
    ['of a path under the app’s names', [owns('param', '/a/b', { value: 'x' })], /The name of the param \/a\/b/],
    ['of a type that is none', [owns('resource', 'SES', {})], /is no type of CloudFormation/],
    [
      'of an ARN of another kind',
      [owns('table', 'arn:aws:sqs:us-east-1:123456789012:x', { key: 'id' })],
      /is no ARN of a table/,
    ],
    ['of two tables of one name', [notes(), { ...notes(), export: 'again' }], /The table notes is declared twice/],
    [
      'of a zone that is none',
      [schedule('a', 'rate(1 day)', { timezone: 'Berlin' })],
      /`timezone` of the schedule a is "Berlin", which is no time zone/,
    ],
    [
      'of an end before the start',
      [schedule('a', 'rate(1 day)', { start: '2026-01-02', end: '2026-01-01' })],
      /`end` of the schedule a is not after `start`/,
    ],
    [
      'of a destination that is no handle',
      [lambda('a', { deadLetter: 'lost' })],
      /^`deadLetter` of the lambda a is "lost"/,
    ],
    [
      'of a destination of another kind',
      [lambda('a', { deadLetter: reference('shelf', 'bucket') }), bucket('shelf')],
      /`deadLetter` of the lambda a is a bucket/,
    ],
    [
      'of success told to a bucket',
      [lambda('a', { destinations: { success: reference('shelf', 'bucket') } }), bucket('shelf')],
      /has `success`, which is a bucket/,
    ],
    [
      'of a destination that is not exported',
      [lambda('a', { deadLetter: reference('lost') })],
      /The function a refers to `lost`/,
    ],
    [
      'of a FIFO destination',
      [lambda('a', { deadLetter: reference('lost') }), queue('lost', { fifo: true })],
      /names lost, which is a FIFO queue/,
    ],
    ['of too many retries', [lambda('a', { retries: 3 })], /^`retries` of the lambda a is 3/],
  ]
  for (const [what, declarations, message] of rows) {
    it(what, () => {
      const found = complaintsOf(declarations)
      assert.equal(found.length, 1, JSON.stringify(found))
      assert.match(found[0]?.message ?? '', message)
    })
  }

  it('of nothing where two handles of raw resources have one type', () => {
    const type = 'AWS::SES::EmailIdentity'
    const one = owns('resource', type, { properties: {} })
    assert.deepEqual(complaintsOf([one, { ...one, export: 'other' }, topic('t')]), [])
  })
})
