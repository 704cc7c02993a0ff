// Queues and buckets in the model: names AWS takes, limits, and what must fit together.
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { complaintsOf, type Described, declared, type Given, modelOf, reference } from '../support/declared.ts'

const { queue, bucket, topic, consumer, lambda } = declared

const said = (declarations: readonly Described[], given: Given = {}): string[] =>
  complaintsOf(declarations, given).map(({ code, message, where }) => `${where?.line} ${code} ${message}`)

const physical = (...declarations: Described[]): string[] =>
  modelOf(declarations).resources.map(({ physicalName, existing }) => `${physicalName}${existing ? ' (there)' : ''}`)

describe('names', () => {
  // Each: what, how it is declared, what stands around its name on AWS, the limit.
  const LIMITS: readonly [string, (name: string) => Described, around: string, limit: number][] = [
    ['The function', (name) => lambda(name), 'shop-dev-', 64],
    ['The queue', (name) => queue(name), 'shop-dev-', 80],
    ['The queue', (name) => queue(name, { fifo: true }), 'shop-dev-.fifo', 80],
    ['The topic', (name) => topic(name), 'shop-dev-', 256],
    ['The topic', (name) => topic(name, { fifo: true }), 'shop-dev-.fifo', 256],
    ['The bucket', (name) => bucket(name), 'shop-dev--123456789012-us-east-1', 63],
  ]
  for (const [what, declare, around, limit] of LIMITS) {
    it(`${what} is at most ${limit} characters on AWS, ${around} included`, () => {
      const longest = 'a'.repeat(limit - around.length)
      assert.deepEqual(complaintsOf([declare(longest)]), [])
      const [one, ...more] = complaintsOf([declare(`${longest}a`)])
      assert.deepEqual(more, [])
      assert.equal(one?.code, 'GOBLET_NAME_TOO_LONG')
      assert.equal(one.where?.line, 2)
      assert.ok(one.message.startsWith(`${what} ${longest}a would be called \`shop-dev-${longest}a`), one.message)
      assert.ok(one.message.endsWith(`: ${limit + 1} characters, where AWS allows ${limit}.`), one.message)
      assert.match(one.mend, /^Shorten .* by 1 character, or set `physicalName`/)
      // A longer stage takes of the same room.
      assert.equal(complaintsOf([declare(longest)], { stage: 'prod' })[0]?.code, 'GOBLET_NAME_TOO_LONG')
    })
  }

  const CHARACTERS: readonly [Described, good: boolean][] = [
    [lambda('$run'), false],
    [lambda('größe'), false],
    [lambda('run_2'), true],
    [queue('jobs.fifo', { fifo: true }), false],
    [queue('jobs.fifo'), false],
    [queue('job queue'), false],
    [queue(''), false],
    [queue('Jobs_2-x'), true],
    [topic('orders.fifo', { fifo: true }), false],
    [topic('my orders'), false],
    [topic('Orders_2-x'), true],
    [bucket('Photos'), false],
    [bucket('my_photos'), false],
    [bucket('my.photos'), false],
    [bucket('photos-'), false],
    [bucket('-photos'), false],
    [bucket('photos-2'), true],
  ]
  for (const [one, good] of CHARACTERS) {
    const name = one.role === 'resource' ? `${one.kind} ${one.name}` : `function ${one.export}`
    it(`${good ? 'takes' : 'refuses'} the ${name}`, () => {
      const [complaint, ...more] = complaintsOf([one])
      assert.deepEqual([complaint?.code, more.length], [good ? undefined : 'GOBLET_BAD_NAME', 0])
      if (complaint === undefined) return
      assert.match(complaint.message, /^The name of the .*`, has characters that AWS refuses\.$/)
      assert.match(complaint.mend, /are allowed/)
    })
  }

  it('begin with the app’s and the stage’s, which every service must take', () => {
    for (const name of ['Shop', '1shop', 'my_shop', 'my.shop', '', '-shop', 'shöp']) {
      assert.deepEqual(said([], { app: name }), [
        `1 GOBLET_BAD_NAME The name of the app, \`${name}\`, cannot begin names on AWS.`,
      ])
      assert.deepEqual(said([], { stage: name }), [
        `1 GOBLET_BAD_NAME The name of the stage, \`${name}\`, cannot begin names on AWS.`,
      ])
    }
    assert.deepEqual(said([], { app: 'shop-2', stage: 'pr-17' }), [])
  })
})

describe('where a resource is', () => {
  const QUEUE_ARN = 'arn:aws:sqs:eu-west-1:210987654321:old_jobs'
  it('under the app’s names, under its own, or already there', () => {
    assert.deepEqual(
      physical(
        queue('jobs'),
        queue('other', { physicalName: 'Exactly_this' }),
        queue('old-jobs', { existing: true }),
        queue('third', { existing: true, physicalName: 'third-one' }),
        queue(QUEUE_ARN),
        bucket('photos'),
        bucket('logs', { physicalName: 'my.logs' }),
        bucket('arn:aws:s3:::old-photos'),
      ),
      [
        'shop-dev-jobs',
        'Exactly_this',
        'old-jobs (there)',
        'third-one (there)',
        'old_jobs (there)',
        'shop-dev-photos-123456789012-us-east-1',
        'my.logs',
        'old-photos (there)',
      ],
    )
  })

  it('what gives the name itself is not bound to the room that Goblet’s names leave', () => {
    assert.deepEqual(said([bucket('a'.repeat(60), { physicalName: 'short' })]), [])
    assert.deepEqual(said([queue('My Queue', { physicalName: 'short' })]), [])
  })

  const REFUSED: readonly [Described, message: RegExp, mend: RegExp][] = [
    [queue('arn:aws:sns:eu-west-1:210987654321:jobs'), /is no ARN of a queue/, /arn:aws:sqs:us-east-1/],
    [queue('arn:aws:s3:::jobs'), /is no ARN of a queue/, /arn:aws:sqs/],
    [queue('arn:'), /is no ARN of a queue/, /arn:aws:sqs/],
    [bucket(QUEUE_ARN), /is no ARN of a bucket/, /arn:aws:s3:::name/],
    [bucket('arn:aws:s3:::photos/key'), /is no ARN of a bucket/, /arn:aws:s3:::name/],
    [queue(QUEUE_ARN, { physicalName: 'jobs' }), /stands beside an ARN/, /Give one of the two/],
    [queue('jobs', { physicalName: '' }), /`physicalName` of the queue jobs is ""/, /Up to 80/],
    [queue('jobs', { physicalName: 'a b' }), /is "a b"/, /Up to 80/],
    [queue('jobs', { physicalName: 'a'.repeat(81) }), /is "aaaa/, /Up to 80/],
    [queue('jobs', { fifo: true, physicalName: 'jobs' }), /is "jobs"/, /ending with `\.fifo`/],
    [queue(QUEUE_ARN, { fifo: true }), /is no ARN of a queue/, /name\.fifo/],
    [queue('a b', { existing: true }), /`a b`, is none that AWS gives/, /Up to 80/],
    [bucket('photos', { physicalName: 'Photos' }), /is "Photos"/, /3 to 63 lower-case/],
    [bucket('ab', { existing: true }), /`ab`, is none that AWS gives/, /3 to 63/],
    [bucket('photos', { physicalName: 5 }), /`physicalName` of the bucket photos is 5/, /It is a text/],
    [bucket('photos', { existing: 'yes' }), /`existing` of the bucket photos is "yes"/, /true or false/],
  ]
  for (const [one, message, mend] of REFUSED) {
    it(`refuses ${one.role === 'resource' ? one.name : ''} ${JSON.stringify(one.options).slice(0, 60)}`, () => {
      const complaints = complaintsOf([one])
      assert.equal(complaints.length, 1, JSON.stringify(complaints))
      assert.match(complaints[0]?.message ?? '', message)
      assert.match(complaints[0]?.mend ?? '', mend)
    })
  }

  it('no two handles for one resource', () => {
    const twice = ' is declared twice; the first one is at app.ts:2.'
    assert.deepEqual(said([queue('jobs'), queue('jobs', { delay: 5 })]), [
      `3 GOBLET_DUPLICATE_NAME The queue jobs${twice}`,
    ])
    assert.deepEqual(said([bucket('a', { physicalName: 'same' }), bucket('b', { physicalName: 'same' })]), [
      `3 GOBLET_DUPLICATE_NAME The bucket same (declared as b)${twice}`,
    ])
    assert.deepEqual(said([queue('old_jobs', { existing: true }), queue(QUEUE_ARN)]), [
      `3 GOBLET_DUPLICATE_NAME The queue old_jobs (declared as ${QUEUE_ARN})${twice}`,
    ])
    assert.deepEqual(said([queue('a'), bucket('a')]), [])
  })
})

describe('queues', () => {
  const bad = (option: string, problem: string, what = 'the queue jobs', line = 2): string =>
    `${line} GOBLET_BAD_OPTION \`${option}\` of ${what} ${problem}.`

  it('take what CreateQueue takes', () => {
    const LIMITS = [
      ['visibility', 0, 43_200],
      ['retention', 60, 1_209_600],
      ['delay', 0, 900],
    ] as const
    for (const [option, least, most] of LIMITS) {
      for (const value of [least, most]) assert.deepEqual(said([queue('jobs', { [option]: value })]), [])
      for (const value of [least - 1, most + 1])
        assert.deepEqual(said([queue('jobs', { [option]: value })]), [bad(option, `is ${value}`)])
    }
    assert.deepEqual(said([queue('jobs', { contentBasedDeduplication: true })]), [
      bad('contentBasedDeduplication', 'is true'),
    ])
    assert.deepEqual(said([queue('jobs', { contentBasedDeduplication: false })]), [])
  })

  it('have a dead-letter queue that is there, and of their own sort', () => {
    const dead = (after: unknown, name = 'failed', fifo = false) =>
      queue('jobs', { fifo, deadLetter: { after: after as number, queue: reference(name) } })
    assert.deepEqual(said([dead(3), queue('failed')]), [])
    assert.deepEqual(said([dead(3, 'failed', true), queue('failed', { fifo: true })]), [])
    assert.deepEqual(said([dead(3)]), [
      '2 GOBLET_NO_RESOURCE The queue jobs refers to `failed`, which the app does not export.',
    ])
    assert.deepEqual(said([dead(0), queue('failed')]), [bad('deadLetter', 'has an `after` that is 0')])
    assert.deepEqual(said([dead(1001), queue('failed')]), [bad('deadLetter', 'has an `after` that is 1001')])
    assert.deepEqual(said([dead(3, 'failed', true), queue('failed')]), [
      bad('deadLetter', 'names failed, which is no FIFO queue'),
    ])
    assert.deepEqual(said([dead(3), queue('failed', { fifo: true })]), [
      bad('deadLetter', 'names failed, which is a FIFO queue'),
    ])
    for (const value of ['failed', 3, { after: 3 }, { after: 3, queue: 'failed' }, { after: 3, queue: { $: 'other' } }])
      assert.deepEqual(said([queue('jobs', { deadLetter: value })]), [bad('deadLetter', 'has no queue')])
    const photos = { $: 'reference', kind: 'bucket', name: 'photos' }
    assert.deepEqual(said([queue('jobs', { deadLetter: { after: 3, queue: photos } }), bucket('photos')]), [
      bad('deadLetter', 'has no queue'),
    ])
  })
})

describe('consumers', () => {
  const work = (options: Parameters<typeof consumer>[2], of: Parameters<typeof queue>[1] = {}) =>
    said([queue('jobs', of), consumer('work', 'jobs', options)])
  const bad = (option: string, problem: string): string =>
    `3 GOBLET_BAD_OPTION \`${option}\` of the consumer work ${problem}.`

  it('take what an event-source mapping takes', () => {
    for (const options of [{ batchSize: 1 }, { batchSize: 10 }, { batchSize: 10_000, window: 1 }, { window: 300 }])
      assert.deepEqual(work(options), [])
    assert.deepEqual(work({ batchSize: 11 }), [bad('batchSize', 'is 11 without a window')])
    assert.deepEqual(work({ batchSize: 0 }), [bad('batchSize', 'is 0')])
    assert.deepEqual(work({ batchSize: 10_001, window: 1 }), [bad('batchSize', 'is 10001')])
    assert.deepEqual(work({ window: 301 }), [bad('window', 'is 301')])
  })

  for (const [of, name] of [[{ fifo: true }, 'jobs.fifo'] as const, [{ physicalName: 'x.fifo' }, 'x.fifo'] as const])
    it(`of the FIFO queue ${name} take ten messages at once and do not wait`, () => {
      assert.deepEqual(work({ batchSize: 10 }, of), [])
      assert.deepEqual(work({ batchSize: 11 }, of), [bad('batchSize', 'is 11 on a FIFO queue')])
      assert.deepEqual(work({ window: 1 }, of), [bad('window', 'is 1 on a FIFO queue')])
      assert.equal(work({ batchSize: 11, window: 1 }, of).length, 2)
    })

  it('are done before their message is shown again', () => {
    assert.deepEqual(work({ timeout: 60 }, { visibility: 60 }), [])
    const [one] = complaintsOf([queue('jobs', { visibility: 59 }), consumer('work', 'jobs', { timeout: 60 })])
    assert.match(
      one?.message ?? '',
      /^`visibility` of the queue jobs is 59 s, shorter than its consumer's timeout of 60 s/,
    )
    assert.equal(one?.mend, "Make it at least 60, better 360, or shorten the consumer's `timeout`.")
    assert.equal(one?.where?.line, 2)
    // The app's timeout counts where the consumer has none of its own.
    const app = { options: { timeout: 100 } }
    assert.equal(said([queue('jobs', { visibility: 60 }), consumer('work', 'jobs')], app).length, 1)
    assert.equal(said([queue('jobs', { visibility: 0 }), consumer('work', 'jobs')]).length, 1)
    assert.deepEqual(said([queue('jobs', { visibility: 0 })]), [])
  })

  it('make the queue’s visibility six times their timeout where it says none', () => {
    const visibility = (...declarations: Described[]): number | undefined => {
      const [first] = modelOf([queue('jobs'), ...declarations]).resources
      return first?.kind === 'queue' ? first.visibility : undefined
    }
    assert.equal(visibility(), 30)
    assert.equal(visibility(consumer('work', 'jobs')), 180)
    assert.equal(visibility(consumer('work', 'jobs', { timeout: 1 })), 30)
    assert.equal(visibility(consumer('a', 'jobs', { timeout: 10 }), consumer('b', 'jobs', { timeout: 20 })), 120)
    assert.equal(visibility(consumer('work', 'jobs', { timeout: 900 })), 5400)
  })

  it('have a queue', () => {
    assert.deepEqual(said([consumer('work', 'nowhere')]), [
      '2 GOBLET_NO_RESOURCE The consumer work refers to `nowhere`, which the app does not export.',
    ])
  })
})
