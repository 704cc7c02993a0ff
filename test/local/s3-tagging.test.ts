// Tags of objects in the local S3: put, read, deleted, copied, counted, limited.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import * as sdk from '@aws-sdk/client-s3'
import { fails, openRig, type Rig } from '../support/s3.ts'

let rig: Rig
before(async () => {
  rig = await openRig()
})
after(() => rig.close())

interface At {
  readonly Bucket: string
  readonly Key: string
  readonly VersionId?: string
}
const tag = (at: At, ...tags: [string, string][]): Promise<sdk.PutObjectTaggingCommandOutput> => {
  const Tagging = { TagSet: tags.map(([Key, Value]) => ({ Key, Value })) }
  return rig.client.send(new sdk.PutObjectTaggingCommand({ ...at, Tagging }))
}
const tagsOf = async (at: At): Promise<unknown> =>
  (await rig.client.send(new sdk.GetObjectTaggingCommand(at))).TagSet?.map(({ Key, Value }) => [Key, Value])

test('tags are put, read, counted, replaced and deleted', async () => {
  const at = { Bucket: await rig.makeBucket(), Key: 'k' }
  await rig.put(at.Bucket, at.Key, 'x', { Tagging: 'one=1&two=a%20b%2Bc' })
  assert.deepEqual(await tagsOf(at), [
    ['one', '1'],
    ['two', 'a b+c'],
  ])
  assert.equal((await rig.client.send(new sdk.GetObjectCommand(at))).TagCount, 2)
  rig.events.length = 0
  await tag(at, ['größe', '+1/2=@:-_.'], ['empty', ''])
  assert.deepEqual(await tagsOf(at), [
    ['größe', '+1/2=@:-_.'],
    ['empty', ''],
  ])
  await rig.client.send(new sdk.DeleteObjectTaggingCommand(at))
  assert.deepEqual(await tagsOf(at), [])
  assert.equal((await rig.client.send(new sdk.GetObjectCommand(at))).TagCount, undefined)
  assert.deepEqual(
    rig.events.map(({ event, key }) => [event, key]),
    [
      ['ObjectTagging:Put', 'k'],
      ['ObjectTagging:Delete', 'k'],
    ],
  )
  await fails(tagsOf({ ...at, Key: 'none' }), 'NoSuchKey', 404)
  await fails(tag({ ...at, Key: 'none' }, ['a', 'b']), 'NoSuchKey', 404)
})

test('limits are those of S3, in its words', async () => {
  const at = { Bucket: await rig.makeBucket(), Key: 'k' }
  await rig.put(at.Bucket, at.Key)
  const many = Array.from({ length: 11 }, (_, index): [string, string] => [`k${index}`, 'v'])
  await tag(at, ...many.slice(1))
  await tag(at, ['k'.repeat(128), 'v'.repeat(256)])
  const rows: [[string, string][], string, string][] = [
    [many, 'BadRequest', 'Object tags cannot be greater than 10'],
    [
      [
        ['a', '1'],
        ['a', '2'],
      ],
      'InvalidTag',
      'Cannot provide multiple Tags with the same key',
    ],
    [[['k'.repeat(129), '']], 'InvalidTag', 'The TagKey you have provided is invalid'],
    [[['k', 'v'.repeat(257)]], 'InvalidTag', 'The TagValue you have provided is invalid'],
    [[['k', '<>']], 'InvalidTag', 'The TagValue you have provided is invalid'],
    [[['', 'v']], 'InvalidTag', 'The TagKey you have provided is invalid'],
    [[['aws:k', 'v']], 'InvalidTag', 'Your TagKey cannot be prefixed with aws:'],
  ]
  for (const [tags, code, words] of rows) assert.equal((await fails(tag(at, ...tags), code, 400)).message, words)
  assert.deepEqual(await tagsOf(at), [['k'.repeat(128), 'v'.repeat(256)]])
  await fails(rig.put(at.Bucket, 'h', 'x', { Tagging: 'a=1&a=2' }), 'InvalidArgument', 400)
  await fails(rig.put(at.Bucket, 'h', 'x', { Tagging: '%' }), 'InvalidArgument', 400)
  await fails(rig.put(at.Bucket, 'h', 'x', { Tagging: many.map(([key]) => key).join('&') }), 'BadRequest', 400)
  await fails(rig.bytesOf(at.Bucket, 'h'), 'NoSuchKey', 404)
})

test('copies take the tags along or bring their own; uploads in parts keep theirs', async () => {
  const Bucket = await rig.makeBucket()
  await rig.put(Bucket, 'k', 'x', { Tagging: 'a=1' })
  const copy = (Key: string, more: object): Promise<unknown> =>
    rig.client.send(new sdk.CopyObjectCommand({ Bucket, Key, CopySource: `${Bucket}/k`, ...more }))
  await copy('same', { Tagging: 'ignored=1' })
  await copy('other', { Tagging: 'b=2', TaggingDirective: 'REPLACE' })
  await copy('bare', { TaggingDirective: 'REPLACE' })
  await copy('meta', { MetadataDirective: 'REPLACE' })
  const rows: [string, unknown[]][] = [
    ['same', [['a', '1']]],
    ['other', [['b', '2']]],
    ['bare', []],
    ['meta', [['a', '1']]],
  ]
  for (const [Key, expected] of rows) assert.deepEqual(await tagsOf({ Bucket, Key }), expected, Key)
  await fails(copy('wrong', { TaggingDirective: 'MERGE' }), 'InvalidArgument', 400)
  const begun = await rig.client.send(new sdk.CreateMultipartUploadCommand({ Bucket, Key: 'm', Tagging: 'p=q' }))
  const part = { Bucket, Key: 'm', UploadId: begun.UploadId, PartNumber: 1 }
  const { ETag } = await rig.client.send(new sdk.UploadPartCommand({ ...part, Body: 'x' }))
  const MultipartUpload = { Parts: [{ PartNumber: 1, ETag }] }
  await rig.client.send(new sdk.CompleteMultipartUploadCommand({ ...part, MultipartUpload }))
  assert.deepEqual(await tagsOf({ Bucket, Key: 'm' }), [['p', 'q']])
})

test('each version has tags of its own; a delete marker has none', async () => {
  const Bucket = await rig.makeBucket()
  const VersioningConfiguration = { Status: 'Enabled' } as const
  await rig.put(Bucket, 'k', 'null', { Tagging: 'v=null' })
  await rig.client.send(new sdk.PutBucketVersioningCommand({ Bucket, VersioningConfiguration }))
  const { VersionId: old = '' } = await rig.put(Bucket, 'k', 'old', { Tagging: 'v=old' })
  const { VersionId: now = '' } = await rig.put(Bucket, 'k', 'now', { Tagging: 'v=now' })
  assert.equal((await tag({ Bucket, Key: 'k', VersionId: old }, ['v', 'changed'])).VersionId, old)
  await tag({ Bucket, Key: 'k', VersionId: 'null' }, ['v', 'nothing'])
  const rows: [string, string][] = [
    [old, 'changed'],
    [now, 'now'],
    ['null', 'nothing'],
  ]
  for (const [VersionId, value] of rows) assert.deepEqual(await tagsOf({ Bucket, Key: 'k', VersionId }), [['v', value]])
  const { VersionId = '' } = await rig.client.send(new sdk.DeleteObjectCommand({ Bucket, Key: 'k' }))
  await fails(tag({ Bucket, Key: 'k', VersionId }, ['a', 'b']), 'MethodNotAllowed', 405)
  await fails(tagsOf({ Bucket, Key: 'k' }), 'NoSuchKey', 404)
  assert.equal((await rig.bytesOf(Bucket, 'k', { VersionId: old })).toString(), 'old')
})
