// The local S3 as the AWS SDK sees it: buckets, objects, conditions, checksums, restarts.
import assert from 'node:assert/strict'
import { readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { after, before, test } from 'node:test'
import * as sdk from '@aws-sdk/client-s3'
import { fails, openRig, type Rig, raw } from '../support/s3.ts'

let rig: Rig
before(async () => {
  rig = await openRig()
})
after(() => rig.close())

test('buckets are made, listed, found, located and deleted when empty', async () => {
  const Bucket = await rig.makeBucket()
  await rig.client.send(new sdk.CreateBucketCommand({ Bucket }))
  await rig.s3.ensureBucket('ensured')
  await rig.s3.ensureBucket('ensured')
  const { Buckets = [], Owner } = await rig.client.send(new sdk.ListBucketsCommand({}))
  const names = Buckets.map(({ Name }) => Name)
  assert.deepEqual([names.includes(Bucket), names.includes('ensured'), Owner?.DisplayName], [true, true, 'goblet'])
  const head = await rig.client.send(new sdk.HeadBucketCommand({ Bucket }))
  assert.equal(head.BucketRegion, 'us-east-1')
  assert.equal((await rig.client.send(new sdk.GetBucketLocationCommand({ Bucket }))).LocationConstraint, undefined)
  await rig.put(Bucket, 'a')
  await fails(rig.client.send(new sdk.DeleteBucketCommand({ Bucket })), 'BucketNotEmpty', 409)
  await rig.client.send(new sdk.DeleteObjectCommand({ Bucket, Key: 'a' }))
  await rig.client.send(new sdk.DeleteBucketCommand({ Bucket }))
  await fails(rig.client.send(new sdk.HeadBucketCommand({ Bucket })), 'NotFound', 404)
  await fails(rig.client.send(new sdk.ListObjectsV2Command({ Bucket })), 'NoSuchBucket', 404)
  for (const bad of ['Ab', 'a_b', '1.2.3.4', 'xn--a', 'a..b', 'a-s3alias'])
    await fails(rig.client.send(new sdk.CreateBucketCommand({ Bucket: bad })), 'InvalidBucketName', 400)
})

test('an object comes back with its bytes, its headers and its metadata', async () => {
  const Bucket = await rig.makeBucket()
  const more = {
    ContentType: 'image/webp',
    CacheControl: 'no-cache',
    ContentDisposition: 'inline',
    ContentEncoding: 'gzip',
    ContentLanguage: 'de',
  }
  const made = await rig.put(Bucket, 'a', 'hello', { ...more, Metadata: { one: '1', constructor: 'x' } })
  assert.equal(made.ETag, '"5d41402abc4b2a76b9719d911017c592"')
  assert.equal(made.ServerSideEncryption, 'AES256')
  const got = await rig.client.send(new sdk.GetObjectCommand({ Bucket, Key: 'a' }))
  assert.equal(await got.Body?.transformToString(), 'hello')
  assert.deepEqual(
    [got.ContentType, got.CacheControl, got.ContentDisposition, got.ContentEncoding, got.ContentLanguage],
    Object.values(more),
  )
  assert.deepEqual({ ...got.Metadata }, { one: '1', constructor: 'x' })
  const head = await rig.client.send(new sdk.HeadObjectCommand({ Bucket, Key: 'a' }))
  assert.deepEqual([head.ContentLength, head.ETag, head.AcceptRanges], [5, made.ETag, 'bytes'])
  assert.ok(Math.abs((head.LastModified?.getTime() ?? 0) - Date.now()) < 5000)
  const empty = await rig.put(Bucket, 'empty', '')
  assert.equal(empty.ETag, '"d41d8cd98f00b204e9800998ecf8427e"')
  assert.equal((await rig.bytesOf(Bucket, 'empty')).length, 0)
  assert.equal(
    (await rig.client.send(new sdk.HeadObjectCommand({ Bucket, Key: 'empty' }))).ContentType,
    'application/octet-stream',
  )
  await fails(rig.bytesOf(Bucket, 'none'), 'NoSuchKey', 404)
  await fails(rig.client.send(new sdk.HeadObjectCommand({ Bucket, Key: 'none' })), 'NotFound', 404)
})

test('large bodies, streamed bodies and replaced bodies are whole, and their files go when they do', async () => {
  const Bucket = await rig.makeBucket()
  const large = Buffer.alloc(3_000_000, 'abcdefghij')
  await rig.put(Bucket, 'large', large)
  assert.ok(large.equals(await rig.bytesOf(Bucket, 'large')))
  assert.equal(readdirSync(join(rig.root, 's3')).length, 1)
  await rig.client.send(
    new sdk.PutObjectCommand({ Bucket, Key: 'large', Body: Readable.from([large, large]), ContentLength: 6_000_000 }),
  )
  assert.equal((await rig.bytesOf(Bucket, 'large')).length, 6_000_000)
  assert.equal((await rig.bytesOf(Bucket, 'large', { Range: 'bytes=2999999-3000000' })).toString(), 'ja')
  // A read that has begun goes on while the object is deleted under it.
  const reading = await rig.client.send(new sdk.GetObjectCommand({ Bucket, Key: 'large' }))
  await rig.client.send(new sdk.DeleteObjectCommand({ Bucket, Key: 'large' }))
  assert.equal((await reading.Body?.transformToByteArray())?.length, 6_000_000)
  for (let tries = 0; tries < 50 && readdirSync(join(rig.root, 's3')).length > 0; tries++)
    await new Promise((resolve) => setTimeout(resolve, 50))
  assert.deepEqual(readdirSync(join(rig.root, 's3')), [])
})

test('ranges', async () => {
  const Bucket = await rig.makeBucket()
  await rig.put(Bucket, 'a', '0123456789')
  const rows: [string, string][] = [
    ['bytes=0-3', '0123'],
    ['bytes=7-', '789'],
    ['bytes=-3', '789'],
    ['bytes=-30', '0123456789'],
    ['bytes=8-99', '89'],
    ['bytes=5-2', '0123456789'],
    ['lines=1-2', '0123456789'],
    ['bytes=0-1,4-5', '0123456789'],
  ]
  for (const [Range, expected] of rows)
    assert.equal((await rig.bytesOf(Bucket, 'a', { Range })).toString(), expected, Range)
  const partial = await rig.client.send(new sdk.GetObjectCommand({ Bucket, Key: 'a', Range: 'bytes=2-3' }))
  assert.deepEqual(
    [partial.$metadata.httpStatusCode, partial.ContentRange, partial.ContentLength],
    [206, 'bytes 2-3/10', 2],
  )
  for (const Range of ['bytes=10-', 'bytes=-0']) await fails(rig.bytesOf(Bucket, 'a', { Range }), 'InvalidRange', 416)
})

test('conditions on reads and writes', async () => {
  const Bucket = await rig.makeBucket()
  const { ETag } = await rig.put(Bucket, 'a')
  const past = new Date(Date.now() - 3_600_000)
  const future = new Date(Date.now() + 3_600_000)
  for (const fine of [
    { IfMatch: ETag },
    { IfMatch: '*' },
    { IfNoneMatch: '"x"' },
    { IfModifiedSince: past },
    { IfUnmodifiedSince: future },
  ])
    assert.equal((await rig.bytesOf(Bucket, 'a', { ...fine } as object)).toString(), 'a')
  for (const stale of [{ IfMatch: '"x"' }, { IfUnmodifiedSince: past }])
    await fails(rig.bytesOf(Bucket, 'a', stale), 'PreconditionFailed', 412)
  for (const fresh of [{ IfNoneMatch: ETag }, { IfNoneMatch: '*' }, { IfModifiedSince: future }])
    await fails(rig.bytesOf(Bucket, 'a', { ...fresh } as object), 'Unknown', 304)
  await fails(rig.put(Bucket, 'a', 'x', { IfNoneMatch: '*' }), 'PreconditionFailed', 412)
  await fails(rig.put(Bucket, 'a', 'x', { IfMatch: '"x"' }), 'PreconditionFailed', 412)
  await fails(rig.put(Bucket, 'none', 'x', { IfMatch: '"x"' }), 'NoSuchKey', 404)
  await rig.put(Bucket, 'a', 'y', { IfMatch: ETag ?? '' })
  const racing = await Promise.allSettled(
    Array.from({ length: 8 }, (_, index) => rig.put(Bucket, 'race', String(index), { IfNoneMatch: '*' })),
  )
  assert.equal(racing.filter(({ status }) => status === 'fulfilled').length, 1)
})

test('every checksum is verified and given back', async () => {
  const Bucket = await rig.makeBucket()
  // The check values of the algorithms for "123456789".
  const rows = {
    CRC32: 'y/Q5Jg==',
    CRC32C: '4waSgw==',
    CRC64NVME: 'rosUhgp5mIg=',
    SHA1: '98O8HYCOBHMq32eZZczDTKeuNEE=',
    SHA256: 'FeKw08M4keuw8e9gnsQZQgwg4yDOlMZfvIwzEkSOsiU=',
  }
  for (const [algorithm, value] of Object.entries(rows)) {
    const made = await rig.put(Bucket, algorithm, '123456789', { [`Checksum${algorithm}`]: value })
    assert.equal(Reflect.get(made, `Checksum${algorithm}`), value)
    const got = await rig.client.send(new sdk.GetObjectCommand({ Bucket, Key: algorithm, ChecksumMode: 'ENABLED' }))
    assert.deepEqual([Reflect.get(got, `Checksum${algorithm}`), got.ChecksumType], [value, 'FULL_OBJECT'])
    const wrong = rig.put(Bucket, 'wrong', '12345678', { [`Checksum${algorithm}`]: value })
    assert.match(
      (await fails(wrong, 'BadDigest', 400)).message,
      new RegExp(`The ${algorithm} you specified did not match`),
    )
  }
  await fails(rig.put(Bucket, 'wrong', 'x', { ContentMD5: 'XrY7u+Ae7tCTyyK7j1rNww==' }), 'BadDigest', 400)
  await fails(rig.put(Bucket, 'wrong', 'x', { ContentMD5: 'short' }), 'InvalidDigest', 400)
  await fails(rig.put(Bucket, 'wrong', 'x', { ChecksumCRC32: 'x' }), 'InvalidRequest', 400)
  await fails(rig.bytesOf(Bucket, 'wrong'), 'NoSuchKey', 404)
})

test('what is not there answers NotImplemented and touches nothing', async () => {
  const Bucket = await rig.makeBucket()
  await rig.put(Bucket, 'a', 'precious')
  await fails(rig.put(Bucket, 'a', 'x', { ObjectLockLegalHoldStatus: 'ON' }), 'NotImplemented', 501)
  await fails(rig.put(Bucket, 'a', 'x', { ACL: 'public-read' }), 'AccessControlListNotSupported', 400)
  const url = `${rig.served.endpoint}/${Bucket}/a`
  const rows: [string, string][] = [
    ['PUT', '?tomorrow'],
    ['PUT', '?tomorrow=1'],
    ['DELETE', '?retention'],
    ['POST', '?restore'],
    ['POST', ''],
    ['GET', '?torrent'],
    ['GET', '?tomorrow'],
    ['PUT', '?tagging&uploads'],
    ['PUT', '?legal-hold='],
  ]
  for (const [method, query] of rows)
    assert.equal((await raw(method, url + query, { 'content-length': '0' })).status, 501, method + query)
  assert.equal((await raw('PATCH', url)).status, 405)
  assert.equal((await raw('GET', `${url}?v=3`)).body, 'precious')
})

test('listeners hear of every change after it is committed, in order', async () => {
  const Bucket = await rig.makeBucket()
  rig.events.length = 0
  await rig.put(Bucket, 'k', 'abc')
  await rig.client.send(new sdk.CopyObjectCommand({ Bucket, Key: 'c', CopySource: `${Bucket}/k` }))
  await rig.client.send(new sdk.DeleteObjectCommand({ Bucket, Key: 'k' }))
  await rig.client.send(new sdk.DeleteObjectsCommand({ Bucket, Delete: { Objects: [{ Key: 'c' }, { Key: 'none' }] } }))
  assert.deepEqual(
    rig.events.map(({ event, key, size }) => [event, key, size]),
    [
      ['ObjectCreated:Put', 'k', 3],
      ['ObjectCreated:Copy', 'c', 3],
      ['ObjectRemoved:Delete', 'k', undefined],
      ['ObjectRemoved:Delete', 'c', undefined],
    ],
  )
  const sequencers = rig.events.map(({ sequencer }) => sequencer)
  assert.deepEqual([...sequencers].sort(), sequencers)
})

test('everything is there after a restart, and what a crash left behind is swept', async () => {
  const Bucket = await rig.makeBucket()
  const large = Buffer.alloc(100_000, 'x')
  await rig.put(Bucket, 'small', 'small', { Metadata: { a: 'b' } })
  await rig.put(Bucket, 'large', large)
  const { UploadId } = await rig.client.send(new sdk.CreateMultipartUploadCommand({ Bucket, Key: 'm' }))
  const { ETag } = await rig.client.send(
    new sdk.UploadPartCommand({ Bucket, Key: 'm', UploadId, PartNumber: 1, Body: large }),
  )
  const orphan = join(rig.root, 's3', 'f'.repeat(32))
  writeFileSync(orphan, 'left by a crash')
  await rig.reopen()
  assert.equal((await rig.bytesOf(Bucket, 'small')).toString(), 'small')
  assert.equal((await rig.client.send(new sdk.HeadObjectCommand({ Bucket, Key: 'small' }))).Metadata?.a, 'b')
  assert.ok(large.equals(await rig.bytesOf(Bucket, 'large')))
  const MultipartUpload = { Parts: [{ PartNumber: 1, ETag }] }
  await rig.client.send(new sdk.CompleteMultipartUploadCommand({ Bucket, Key: 'm', UploadId, MultipartUpload }))
  assert.ok(large.equals(await rig.bytesOf(Bucket, 'm')))
  assert.ok(!readdirSync(join(rig.root, 's3')).includes('f'.repeat(32)))
})
