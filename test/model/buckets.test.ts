// Buckets and their triggers in the model: rules spelled out, and what S3 would refuse.
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Options } from '../../src/model/index.ts'
import { complaintsOf, type Described, declared, modelOf } from '../support/declared.ts'

const { bucket, changes } = declared

const said = (...declarations: Described[]): string[] =>
  complaintsOf(declarations).map(({ code, message, where }) => `${where?.line} ${code} ${message}`)

const made = (options: Options) => modelOf([bucket('photos', options)]).resources.find((one) => one.kind === 'bucket')

it('spells out the rules of CORS and lifecycle', () => {
  const every = { origins: ['*'], methods: ['GET', 'PUT', 'POST', 'DELETE', 'HEAD'], headers: ['*'], expose: ['ETag'] }
  assert.deepEqual(made({ cors: true })?.cors, [{ ...every, maxAge: undefined }])
  assert.deepEqual(made({ cors: false })?.cors, [])
  assert.deepEqual(made({ cors: { origins: 'https://*.example.com', methods: ['GET'], maxAge: 60 } })?.cors, [
    { ...every, origins: ['https://*.example.com'], methods: ['GET'], maxAge: 60 },
  ])
  const nothing = { prefix: '', expireDays: undefined, noncurrentDays: undefined, abortUploadsDays: undefined }
  assert.deepEqual(made({ lifecycle: [{ prefix: 'tmp/', expireDays: 7 }, { abortUploadsDays: 1 }] })?.lifecycle, [
    { ...nothing, prefix: 'tmp/', expireDays: 7 },
    { ...nothing, abortUploadsDays: 1 },
  ])
  assert.deepEqual([made({ versioned: true })?.versioned, made({ public: true })?.public], [true, true])
})

it('writes events in S3’s own form, once each', () => {
  const { triggers } = modelOf([
    bucket('photos'),
    changes('added', 'photos', ['ObjectCreated:Put', 's3:ObjectCreated:Put', 'ObjectTagging:*'], { suffix: '.png' }),
  ])
  assert.deepEqual(triggers, [
    {
      kind: 'bucket',
      function: 'added',
      bucket: 'photos',
      events: ['s3:ObjectCreated:Put', 's3:ObjectTagging:*'],
      prefix: '',
      suffix: '.png',
      where: { file: 'app.ts', line: 3 },
    },
  ])
})

describe('complains', () => {
  const photos = bucket('photos')
  const all = ['ObjectCreated:*']
  const rows: readonly [what: string, declarations: Described[], expected: string[]][] = [
    [
      'of an event that S3 does not have',
      [photos, changes('added', 'photos', ['ObjectCreate:*'])],
      [
        '3 GOBLET_BAD_EVENT S3 has no event `ObjectCreate:*`, which the bucket trigger added asks for. Did you mean `ObjectCreated:*`?',
      ],
    ],
    [
      'of no event at all',
      [photos, changes('added', 'photos', [])],
      ['3 GOBLET_BAD_OPTION `events` of the bucket trigger added names none.'],
    ],
    [
      'of a bucket that the app does not have',
      [changes('added', 'photos', all)],
      ['2 GOBLET_NO_RESOURCE The bucket trigger added refers to `photos`, which the app does not export.'],
    ],
    [
      'of rules that S3 would not take',
      [bucket('photos', { cors: { methods: ['PATCH'] }, lifecycle: [{ prefix: 'a' }] })],
      [
        '2 GOBLET_BAD_OPTION `cors` of the bucket photos has `methods`, which holds something that is "PATCH".',
        '2 GOBLET_BAD_OPTION `lifecycle` of the bucket photos has a rule that does nothing.',
      ],
    ],
  ]
  for (const [what, declarations, expected] of rows) it(what, () => assert.deepEqual(said(...declarations), expected))

  // Source: the examples of "Configuring event notifications using object key name filtering".
  const pairs: readonly [Options, readonly string[], Options, readonly string[], overlaps: boolean][] = [
    [{ prefix: 'images' }, all, { prefix: 'logs' }, all, false],
    [{ suffix: '.jpg' }, all, { suffix: '.png' }, all, false],
    [{ prefix: 'images', suffix: '.jpg' }, all, { prefix: 'images', suffix: '.png' }, all, false],
    [{}, all, { suffix: '.jpg' }, all, true],
    [{ prefix: 'images' }, all, { prefix: 'images/in' }, ['ObjectCreated:Put'], true],
    [{ prefix: 'images' }, all, { suffix: '.jpg' }, all, true],
    [{ suffix: '.jpg' }, ['ObjectCreated:Put'], { suffix: 'g' }, ['ObjectCreated:Copy'], false],
    [{ suffix: '.jpg' }, ['ObjectRemoved:Delete'], { suffix: 'g' }, ['ObjectCreated:Copy', 'ObjectRemoved:*'], true],
    [{}, all, {}, ['ObjectRemoved:*'], false],
  ]
  for (const [first, events, second, others, overlaps] of pairs)
    it(`${overlaps ? 'of' : 'not of'} ${JSON.stringify([first, events, second, others])} in one bucket`, () => {
      const both = [changes('one', 'photos', events, first), changes('two', 'photos', others, second)]
      const told = complaintsOf([photos, bucket('films'), ...both])
      assert.deepEqual(
        told.map(({ code, where }) => `${where?.line} ${code}`),
        overlaps ? ['5 GOBLET_OVERLAP'] : [],
      )
      const apart = [both[0] as Described, changes('two', 'films', others, second)]
      assert.deepEqual(complaintsOf([photos, bucket('films'), ...apart]), [])
    })

  it('of an overlap in words that say where the other one is', () => {
    const [told] = said(photos, changes('one', 'photos', all), changes('two', 'photos', ['ObjectCreated:Put']))
    assert.equal(
      told,
      '4 GOBLET_OVERLAP The bucket trigger two asks for s3:ObjectCreated:Put of keys that one asks for too, at app.ts:3; S3 refuses both together.',
    )
  })
})
