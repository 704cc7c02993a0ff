// The names that handles compute inside Lambda are the names that the model gave, for every kind and placement.
import assert from 'node:assert/strict'
import { afterEach, beforeEach, it } from 'node:test'
import { bucket, lambda, queue } from '../../src/index.ts'
import { prefix } from '../../src/model/index.ts'
import { complaintsOf, declared, modelOf, PLACE } from '../support/declared.ts'
import { type Random, seeded } from '../support/random.ts'

const VARIABLES = ['GOBLET_PREFIX', 'GOBLET_ACCOUNT', 'AWS_REGION', 'AWS_ENDPOINT_URL'] as const
let before: Partial<Record<string, string>>

beforeEach(() => {
  before = { ...process.env }
})

afterEach(() => {
  for (const name of VARIABLES) {
    const value = before[name]
    if (value === undefined) delete process.env[name]
    else process.env[name] = value
  }
})

function inLambda(app: string, stage: string): void {
  process.env.GOBLET_PREFIX = prefix({ ...PLACE, app, stage })
  process.env.GOBLET_ACCOUNT = PLACE.account
  process.env.AWS_REGION = PLACE.region
  delete process.env.AWS_ENDPOINT_URL
}

const word = (random: Random): string =>
  random.pick(['a', 'k', 'x']) +
  Array.from({ length: random.whole(8) }, () => random.pick(['b', '7', '-', 'z'])).join('') +
  random.pick(['c', '0'])

type Placement = { existing?: boolean; physicalName?: string; fifo?: boolean }

const placement = (random: Random, own: string): Placement => ({
  ...(random.whole(3) === 0 ? { existing: random.whole(2) === 0 } : {}),
  ...(random.whole(3) === 0 ? { physicalName: own } : {}),
})

it('agree on random apps, stages, names and placements', () => {
  const random = seeded(7)
  let checked = 0
  for (let round = 0; round < 600; round++) {
    const [app, stage, name, own] = [word(random), word(random), word(random), word(random)]
    inLambda(app, stage)
    const fifo = random.whole(2) === 0
    const given: Placement = { ...placement(random, fifo ? `${own}.fifo` : own), ...(fifo ? { fifo } : {}) }
    const arns = [`arn:aws:sqs:eu-west-1:210987654321:${own}`, `arn:aws:s3:::${own}`] as const
    const asArn = random.whole(5) === 0 && given.physicalName === undefined && !fifo
    const [queueName, bucketName] = asArn ? arns : [name, name]
    const { fifo: _, ...inBucket } = { ...given, ...(given.physicalName === undefined ? {} : { physicalName: own }) }
    const declarations = [
      declared.queue(queueName, { ...given }),
      declared.bucket(bucketName, { ...inBucket }),
      declared.lambda(name),
    ]
    // An existing FIFO queue must say so in its name; such an app is refused, and has no names.
    if (complaintsOf(declarations, { app, stage }).length > 0) continue
    const model = modelOf(declarations, { app, stage })
    const names = model.resources.map(({ physicalName }) => physicalName)
    const handles = [queue(queueName, given), bucket(bucketName, inBucket)]
    assert.deepEqual(
      handles.map((handle) => handle.name),
      names,
    )
    // The build hands the export's name over as the third argument.
    const called = Reflect.apply(lambda, undefined, [{}, () => 1, name])
    assert.equal(called.name, model.functions[0]?.physicalName)
    checked++
  }
  assert.ok(checked > 400, `only ${checked} apps had names`)
})

it('tell where a resource is', () => {
  inLambda('shop', 'dev')
  const jobs = queue('jobs', { fifo: true })
  assert.equal(jobs.arn, 'arn:aws:sqs:us-east-1:123456789012:shop-dev-jobs.fifo')
  assert.equal(jobs.url, 'https://sqs.us-east-1.amazonaws.com/123456789012/shop-dev-jobs.fifo')
  const old = queue('arn:aws:sqs:us-east-1:210987654321:old_jobs')
  assert.equal(old.arn, 'arn:aws:sqs:us-east-1:210987654321:old_jobs')
  assert.equal(old.url, 'https://sqs.us-east-1.amazonaws.com/210987654321/old_jobs')
  assert.equal(bucket('photos').arn, 'arn:aws:s3:::shop-dev-photos-123456789012-us-east-1')
  assert.equal(bucket('arn:aws:s3:::old-photos').name, 'old-photos')
  process.env.AWS_REGION = 'cn-north-1'
  assert.equal(jobs.arn, 'arn:aws-cn:sqs:cn-north-1:123456789012:shop-dev-jobs.fifo')
  assert.equal(jobs.url, 'https://sqs.cn-north-1.amazonaws.com.cn/123456789012/shop-dev-jobs.fifo')
  process.env.AWS_ENDPOINT_URL = 'http://127.0.0.1:4566'
  assert.equal(jobs.url, 'http://127.0.0.1:4566/123456789012/shop-dev-jobs.fifo')
})
