// The local S3 as the AWS SDK sees it.
import assert from 'node:assert/strict'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { after, before, test } from 'node:test'
import * as sdk from '@aws-sdk/client-s3'
import { Upload } from '@aws-sdk/lib-storage'
import { startClock } from '../../src/local/clock.ts'
import { LOCAL_CREDENTIALS } from '../../src/local/service.ts'
import { type ObjectEvent, openS3, type S3 } from '../../src/local/services/s3/index.ts'
import { openStore, type Store } from '../../src/local/store.ts'
import { type Served, serve } from '../support/serve.ts'

let root: string
let store: Store
let s3: S3
let served: Served
let client: sdk.S3Client
const events: ObjectEvent[] = []

const open = async (): Promise<void> => {
  store = openStore(join(root, 'store'))
  s3 = openS3({ store, clock: startClock(), directory: join(root, 's3') })
  s3.onObject((event) => events.push(event))
  served = await serve(s3)
  const settings = {
    endpoint: served.endpoint,
    region: 'us-east-1',
    forcePathStyle: true,
    credentials: LOCAL_CREDENTIALS,
    maxAttempts: 1,
  }
  client = new sdk.S3Client(settings)
}
const close = async (): Promise<void> => {
  client.destroy()
  await served.close()
  await store.close()
}

before(async () => {
  root = mkdtempSync(join(tmpdir(), 'goblet-s3-'))
  await open()
})
after(async () => {
  await close()
  rmSync(root, { recursive: true, force: true })
})

let buckets = 0
const makeBucket = async (): Promise<string> => {
  const Bucket = `test-${++buckets}`
  await client.send(new sdk.CreateBucketCommand({ Bucket }))
  return Bucket
}
const fails = async (promise: Promise<unknown>, name: string, status: number): Promise<sdk.S3ServiceException> => {
  const error = await promise.then(
    () => assert.fail(`${name} was expected`),
    (thrown: unknown) => thrown,
  )
  assert.ok(error instanceof sdk.S3ServiceException, String(error))
  assert.equal(error.name, name)
  assert.equal(error.$metadata.httpStatusCode, status)
  return error
}
const bytesOf = async (Bucket: string, Key: string, more: Partial<sdk.GetObjectCommandInput> = {}): Promise<Buffer> => {
  const { Body } = await client.send(new sdk.GetObjectCommand({ Bucket, Key, ...more }))
  return Buffer.from((await Body?.transformToByteArray()) ?? [])
}
const put = (
  Bucket: string,
  Key: string,
  Body: string | Uint8Array = Key,
  more: Partial<sdk.PutObjectCommandInput> = {},
): Promise<sdk.PutObjectCommandOutput> => client.send(new sdk.PutObjectCommand({ Bucket, Key, Body, ...more }))

test('buckets are made, listed, found, located and deleted when empty', async () => {
  const Bucket = await makeBucket()
  await client.send(new sdk.CreateBucketCommand({ Bucket }))
  await s3.ensureBucket('ensured')
  await s3.ensureBucket('ensured')
  const { Buckets = [], Owner } = await client.send(new sdk.ListBucketsCommand({}))
  const names = Buckets.map(({ Name }) => Name)
  assert.deepEqual([names.includes(Bucket), names.includes('ensured'), Owner?.DisplayName], [true, true, 'goblet'])
  const head = await client.send(new sdk.HeadBucketCommand({ Bucket }))
  assert.equal(head.BucketRegion, 'us-east-1')
  assert.equal((await client.send(new sdk.GetBucketLocationCommand({ Bucket }))).LocationConstraint, undefined)
  await put(Bucket, 'a')
  await fails(client.send(new sdk.DeleteBucketCommand({ Bucket })), 'BucketNotEmpty', 409)
  await client.send(new sdk.DeleteObjectCommand({ Bucket, Key: 'a' }))
  await client.send(new sdk.DeleteBucketCommand({ Bucket }))
  await fails(client.send(new sdk.HeadBucketCommand({ Bucket })), 'NotFound', 404)
  await fails(client.send(new sdk.ListObjectsV2Command({ Bucket })), 'NoSuchBucket', 404)
  for (const bad of ['Ab', 'a_b', '1.2.3.4', 'xn--a', 'a..b', 'a-s3alias'])
    await fails(client.send(new sdk.CreateBucketCommand({ Bucket: bad })), 'InvalidBucketName', 400)
})

test('an object comes back with its bytes, its headers and its metadata', async () => {
  const Bucket = await makeBucket()
  const more = {
    ContentType: 'image/webp',
    CacheControl: 'no-cache',
    ContentDisposition: 'inline',
    ContentEncoding: 'gzip',
    ContentLanguage: 'de',
  }
  const made = await put(Bucket, 'a', 'hello', { ...more, Metadata: { one: '1', constructor: 'x' } })
  assert.equal(made.ETag, '"5d41402abc4b2a76b9719d911017c592"')
  assert.equal(made.ServerSideEncryption, 'AES256')
  const got = await client.send(new sdk.GetObjectCommand({ Bucket, Key: 'a' }))
  assert.equal(await got.Body?.transformToString(), 'hello')
  assert.deepEqual(
    [got.ContentType, got.CacheControl, got.ContentDisposition, got.ContentEncoding, got.ContentLanguage],
    Object.values(more),
  )
  assert.deepEqual({ ...got.Metadata }, { one: '1', constructor: 'x' })
  const head = await client.send(new sdk.HeadObjectCommand({ Bucket, Key: 'a' }))
  assert.deepEqual([head.ContentLength, head.ETag, head.AcceptRanges], [5, made.ETag, 'bytes'])
  assert.ok(Math.abs((head.LastModified?.getTime() ?? 0) - Date.now()) < 5000)
  const empty = await put(Bucket, 'empty', '')
  assert.equal(empty.ETag, '"d41d8cd98f00b204e9800998ecf8427e"')
  assert.equal((await bytesOf(Bucket, 'empty')).length, 0)
  assert.equal(
    (await client.send(new sdk.HeadObjectCommand({ Bucket, Key: 'empty' }))).ContentType,
    'application/octet-stream',
  )
  await fails(bytesOf(Bucket, 'none'), 'NoSuchKey', 404)
  await fails(client.send(new sdk.HeadObjectCommand({ Bucket, Key: 'none' })), 'NotFound', 404)
})

test('large bodies, streamed bodies and replaced bodies are whole, and their files go when they do', async () => {
  const Bucket = await makeBucket()
  const large = Buffer.alloc(3_000_000, 'abcdefghij')
  await put(Bucket, 'large', large)
  assert.ok(large.equals(await bytesOf(Bucket, 'large')))
  assert.equal(readdirSync(join(root, 's3')).length, 1)
  await client.send(
    new sdk.PutObjectCommand({ Bucket, Key: 'large', Body: Readable.from([large, large]), ContentLength: 6_000_000 }),
  )
  assert.equal((await bytesOf(Bucket, 'large')).length, 6_000_000)
  assert.equal((await bytesOf(Bucket, 'large', { Range: 'bytes=2999999-3000000' })).toString(), 'ja')
  // A read that has begun goes on while the object is deleted under it.
  const reading = await client.send(new sdk.GetObjectCommand({ Bucket, Key: 'large' }))
  await client.send(new sdk.DeleteObjectCommand({ Bucket, Key: 'large' }))
  assert.equal((await reading.Body?.transformToByteArray())?.length, 6_000_000)
  for (let tries = 0; tries < 50 && readdirSync(join(root, 's3')).length > 0; tries++)
    await new Promise((resolve) => setTimeout(resolve, 50))
  assert.deepEqual(readdirSync(join(root, 's3')), [])
})

test('ranges', async () => {
  const Bucket = await makeBucket()
  await put(Bucket, 'a', '0123456789')
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
    assert.equal((await bytesOf(Bucket, 'a', { Range })).toString(), expected, Range)
  const partial = await client.send(new sdk.GetObjectCommand({ Bucket, Key: 'a', Range: 'bytes=2-3' }))
  assert.deepEqual(
    [partial.$metadata.httpStatusCode, partial.ContentRange, partial.ContentLength],
    [206, 'bytes 2-3/10', 2],
  )
  for (const Range of ['bytes=10-', 'bytes=-0']) await fails(bytesOf(Bucket, 'a', { Range }), 'InvalidRange', 416)
})

test('conditions on reads and writes', async () => {
  const Bucket = await makeBucket()
  const { ETag } = await put(Bucket, 'a')
  const past = new Date(Date.now() - 3_600_000)
  const future = new Date(Date.now() + 3_600_000)
  for (const fine of [
    { IfMatch: ETag },
    { IfMatch: '*' },
    { IfNoneMatch: '"x"' },
    { IfModifiedSince: past },
    { IfUnmodifiedSince: future },
  ])
    assert.equal((await bytesOf(Bucket, 'a', { ...fine } as object)).toString(), 'a')
  for (const stale of [{ IfMatch: '"x"' }, { IfUnmodifiedSince: past }])
    await fails(bytesOf(Bucket, 'a', stale), 'PreconditionFailed', 412)
  for (const fresh of [{ IfNoneMatch: ETag }, { IfNoneMatch: '*' }, { IfModifiedSince: future }])
    await fails(bytesOf(Bucket, 'a', { ...fresh } as object), 'Unknown', 304)
  await fails(put(Bucket, 'a', 'x', { IfNoneMatch: '*' }), 'PreconditionFailed', 412)
  await fails(put(Bucket, 'a', 'x', { IfMatch: '"x"' }), 'PreconditionFailed', 412)
  await fails(put(Bucket, 'none', 'x', { IfMatch: '"x"' }), 'NoSuchKey', 404)
  await put(Bucket, 'a', 'y', { IfMatch: ETag ?? '' })
  const racing = await Promise.allSettled(
    Array.from({ length: 8 }, (_, index) => put(Bucket, 'race', String(index), { IfNoneMatch: '*' })),
  )
  assert.equal(racing.filter(({ status }) => status === 'fulfilled').length, 1)
})

test('every checksum is verified and given back', async () => {
  const Bucket = await makeBucket()
  // The check values of the algorithms for "123456789".
  const rows = {
    CRC32: 'y/Q5Jg==',
    CRC32C: '4waSgw==',
    CRC64NVME: 'rosUhgp5mIg=',
    SHA1: '98O8HYCOBHMq32eZZczDTKeuNEE=',
    SHA256: 'FeKw08M4keuw8e9gnsQZQgwg4yDOlMZfvIwzEkSOsiU=',
  }
  for (const [algorithm, value] of Object.entries(rows)) {
    const made = await put(Bucket, algorithm, '123456789', { [`Checksum${algorithm}`]: value })
    assert.equal(Reflect.get(made, `Checksum${algorithm}`), value)
    const got = await client.send(new sdk.GetObjectCommand({ Bucket, Key: algorithm, ChecksumMode: 'ENABLED' }))
    assert.deepEqual([Reflect.get(got, `Checksum${algorithm}`), got.ChecksumType], [value, 'FULL_OBJECT'])
    const wrong = put(Bucket, 'wrong', '12345678', { [`Checksum${algorithm}`]: value })
    assert.match(
      (await fails(wrong, 'BadDigest', 400)).message,
      new RegExp(`The ${algorithm} you specified did not match`),
    )
  }
  await fails(put(Bucket, 'wrong', 'x', { ContentMD5: 'XrY7u+Ae7tCTyyK7j1rNww==' }), 'BadDigest', 400)
  await fails(put(Bucket, 'wrong', 'x', { ContentMD5: 'short' }), 'InvalidDigest', 400)
  await fails(put(Bucket, 'wrong', 'x', { ChecksumCRC32: 'x' }), 'InvalidRequest', 400)
  await fails(bytesOf(Bucket, 'wrong'), 'NoSuchKey', 404)
})

test('keys are opaque: each comes back from put, get, list, copy and delete exactly, and none becomes a path', async () => {
  const Bucket = await makeBucket()
  const file: { cases: { when: { put: string } }[] } = JSON.parse(
    readFileSync(new URL('../cases/s3-keys.json', import.meta.url), 'utf8'),
  )
  const given = file.cases.map(({ when }) => when.put).filter((key) => !key.includes('1025 bytes'))
  const wild = [
    '/',
    '//a',
    '/a',
    'a/',
    'a//b',
    '.',
    './a',
    'a b',
    'a+b',
    'a%20b',
    '%',
    '%zz',
    '__proto__',
    'constructor',
    'a\nb',
    'a\u0001b',
    '\u0000',
    '\u0005',
    '\ufffd',
    '😀',
    '\u{10ffff}',
    'é',
    'x'.repeat(1024),
  ]
  // The SDK's own URL handling drops dot segments, so these keys go over the wire as S3 sees them: percent-encoded.
  const keys = [...new Set([...given, ...wild])]
  for (const key of keys) {
    const url = `${served.endpoint}/${Bucket}/${encodeURIComponent(key).replaceAll('.', '%2E')}`
    const answer = await raw('PUT', url, { 'content-length': String(Buffer.byteLength(key)) }, key)
    assert.equal(answer.status, 200, `${JSON.stringify(key)}: ${answer.body}`)
    assert.equal((await raw('GET', url)).body, key)
  }
  const listed: string[] = []
  for await (const page of sdk.paginateListObjectsV2({ client, pageSize: 7 }, { Bucket, EncodingType: 'url' }))
    for (const { Key } of page.Contents ?? []) listed.push(decodeURIComponent((Key ?? '').replaceAll('+', ' ')))
  const ordered = [...keys].sort((left, right) => Buffer.compare(Buffer.from(left), Buffer.from(right)))
  assert.deepEqual(listed, ordered)
  const plain = keys.filter((key) => !key.includes('\u0000'))
  const Objects = plain.map((Key) => ({ Key }))
  const { Deleted = [], Errors } = await client.send(new sdk.DeleteObjectsCommand({ Bucket, Delete: { Objects } }))
  assert.deepEqual([Deleted.map(({ Key }) => Key), Errors], [plain, undefined])
  assert.equal(
    (await client.send(new sdk.ListObjectsV2Command({ Bucket, EncodingType: 'url' }))).KeyCount,
    keys.length - plain.length,
  )
  await fails(put(Bucket, 'x'.repeat(1025), 'x'), 'KeyTooLongError', 400)
  await fails(put(Bucket, 'é'.repeat(513), 'x'), 'KeyTooLongError', 400)
  assert.deepEqual(readdirSync(root).sort(), ['s3', 'store'])
})

test('listings: prefixes, delimiters, pages, markers', async () => {
  const Bucket = await makeBucket()
  const keys = ['a', 'a/1', 'a/2', 'a/b/3', 'b', 'b/1', 'c//d', 'ü/1', '\ufffd/1', '😀/1']
  for (const key of keys) await put(Bucket, key)
  const list = async (more: Partial<sdk.ListObjectsV2CommandInput>): Promise<string[]> => {
    const seen: string[] = []
    let ContinuationToken: string | undefined
    do {
      const page: sdk.ListObjectsV2CommandOutput = await client.send(
        new sdk.ListObjectsV2Command({ Bucket, ...more, ContinuationToken }),
      )
      assert.equal(page.KeyCount, (page.Contents?.length ?? 0) + (page.CommonPrefixes?.length ?? 0))
      for (const { Key = '' } of page.Contents ?? []) seen.push(Key)
      for (const { Prefix = '' } of page.CommonPrefixes ?? []) seen.push(`${Prefix}*`)
      assert.equal(page.IsTruncated, page.NextContinuationToken !== undefined)
      ContinuationToken = page.NextContinuationToken
    } while (ContinuationToken !== undefined)
    return seen
  }
  for (const MaxKeys of [1, 2, 3, 1000]) {
    assert.deepEqual(await list({ MaxKeys }), keys)
    const rolled = ['a', 'a/*', 'b', 'b/*', 'c/*', 'ü/*', '\ufffd/*', '😀/*']
    assert.deepEqual((await list({ MaxKeys, Delimiter: '/' })).sort(), rolled.sort())
    assert.deepEqual((await list({ MaxKeys, Delimiter: '/', Prefix: 'a/' })).sort(), ['a/1', 'a/2', 'a/b/*'])
  }
  assert.deepEqual(await list({ StartAfter: 'b' }), keys.slice(5))
  assert.deepEqual(await list({ StartAfter: 'b', Prefix: 'a' }), [])
  assert.deepEqual(await list({ MaxKeys: 0 }), [])
  assert.deepEqual(await list({ Prefix: 'none' }), [])
  const first = await client.send(new sdk.ListObjectsCommand({ Bucket, Delimiter: '/', MaxKeys: 2 }))
  assert.deepEqual([first.NextMarker, first.IsTruncated], ['a/', true])
  const second = await client.send(
    new sdk.ListObjectsCommand({ Bucket, Delimiter: '/', MaxKeys: 2, Marker: first.NextMarker }),
  )
  assert.deepEqual([second.Contents?.[0]?.Key, second.CommonPrefixes?.[0]?.Prefix], ['b', 'b/'])
  await fails(client.send(new sdk.ListObjectsV2Command({ Bucket, ContinuationToken: '!!' })), 'InvalidArgument', 400)
  await fails(client.send(new sdk.ListObjectsV2Command({ Bucket, MaxKeys: -1 })), 'InvalidArgument', 400)
})

test('copies: between keys, with new metadata, onto itself only with a change', async () => {
  const Bucket = await makeBucket()
  const key = 'a b+ü%?#.txt'
  await put(Bucket, key, 'body', { Metadata: { a: '1' }, ContentType: 'text/plain' })
  const CopySource = `/${Bucket}/${encodeURIComponent(key)}`
  const copied = await client.send(new sdk.CopyObjectCommand({ Bucket, Key: 'copy', CopySource }))
  assert.equal(copied.CopyObjectResult?.ETag, '"841a2d689ad86bd1611447453c22c6fc"')
  const kept = await client.send(new sdk.HeadObjectCommand({ Bucket, Key: 'copy' }))
  assert.deepEqual([{ ...kept.Metadata }, kept.ContentType], [{ a: '1' }, 'text/plain'])
  await client.send(
    new sdk.CopyObjectCommand({ Bucket, Key: 'copy', CopySource, MetadataDirective: 'REPLACE', Metadata: { b: '2' } }),
  )
  const replaced = await client.send(new sdk.HeadObjectCommand({ Bucket, Key: 'copy' }))
  assert.deepEqual([{ ...replaced.Metadata }, replaced.ContentType], [{ b: '2' }, 'binary/octet-stream'])
  const itself = { Bucket, Key: key, CopySource }
  await fails(client.send(new sdk.CopyObjectCommand(itself)), 'InvalidRequest', 400)
  await client.send(new sdk.CopyObjectCommand({ ...itself, MetadataDirective: 'REPLACE' }))
  assert.equal((await bytesOf(Bucket, key)).toString(), 'body')
  await fails(
    client.send(new sdk.CopyObjectCommand({ Bucket, Key: 'x', CopySource: `${Bucket}/none` })),
    'NoSuchKey',
    404,
  )
  await fails(
    client.send(new sdk.CopyObjectCommand({ Bucket, Key: 'x', CopySource, CopySourceIfMatch: 'x' })),
    'PreconditionFailed',
    412,
  )
})

test('multipart uploads', async () => {
  const Bucket = await makeBucket()
  const body = Buffer.alloc(12 * 1024 * 1024 + 5, 'multipart')
  const upload = new Upload({
    client,
    params: { Bucket, Key: 'whole', Body: Readable.from([body]), ContentType: 'x/y' },
    partSize: 5 * 1024 * 1024,
  })
  await upload.done()
  assert.ok(body.equals(await bytesOf(Bucket, 'whole')))
  const head = await client.send(new sdk.HeadObjectCommand({ Bucket, Key: 'whole', PartNumber: 2 }))
  assert.deepEqual([head.PartsCount, head.ContentLength, head.ContentType], [3, 5 * 1024 * 1024, 'x/y'])
  assert.match(head.ETag ?? '', /^"[\da-f]{32}-3"$/)
  assert.equal(
    (await bytesOf(Bucket, 'whole', { Range: 'bytes=5242878-5242885' })).toString(),
    body.subarray(5242878, 5242886).toString(),
  )

  const at = { Bucket, Key: 'parts' }
  const { UploadId } = await client.send(new sdk.CreateMultipartUploadCommand(at))
  const one = await client.send(new sdk.UploadPartCommand({ ...at, UploadId, PartNumber: 1, Body: 'tiny' }))
  const two = await client.send(new sdk.UploadPartCommand({ ...at, UploadId, PartNumber: 2, Body: 'last' }))
  const listed = await client.send(new sdk.ListPartsCommand({ ...at, UploadId, MaxParts: 1 }))
  assert.deepEqual([listed.Parts?.[0]?.Size, listed.IsTruncated, listed.NextPartNumberMarker], [4, true, '1'])
  assert.equal((await client.send(new sdk.ListMultipartUploadsCommand({ Bucket }))).Uploads?.[0]?.UploadId, UploadId)
  const complete = (Parts: sdk.CompletedPart[]): Promise<unknown> =>
    client.send(new sdk.CompleteMultipartUploadCommand({ ...at, UploadId, MultipartUpload: { Parts } }))
  const [first, second] = [
    { PartNumber: 1, ETag: one.ETag },
    { PartNumber: 2, ETag: two.ETag },
  ]
  await fails(complete([first, second]), 'EntityTooSmall', 400)
  await fails(complete([second, first]), 'InvalidPartOrder', 400)
  await fails(complete([{ ...first, ETag: '"x"' }]), 'InvalidPart', 400)
  await fails(complete([]), 'MalformedXML', 400)
  await complete([second])
  assert.equal((await bytesOf(Bucket, 'parts')).toString(), 'last')
  await fails(complete([second]), 'NoSuchUpload', 404)

  const aborted = await client.send(new sdk.CreateMultipartUploadCommand(at))
  await client.send(new sdk.AbortMultipartUploadCommand({ ...at, UploadId: aborted.UploadId }))
  await fails(
    client.send(new sdk.UploadPartCommand({ ...at, UploadId: aborted.UploadId, PartNumber: 1, Body: 'x' })),
    'NoSuchUpload',
    404,
  )
  const copying = await client.send(new sdk.CreateMultipartUploadCommand(at))
  const part = {
    ...at,
    UploadId: copying.UploadId,
    PartNumber: 1,
    CopySource: `${Bucket}/whole`,
    CopySourceRange: 'bytes=0-8',
  }
  const { CopyPartResult } = await client.send(new sdk.UploadPartCopyCommand(part))
  const MultipartUpload = { Parts: [{ PartNumber: 1, ETag: CopyPartResult?.ETag }] }
  await client.send(new sdk.CompleteMultipartUploadCommand({ ...at, UploadId: copying.UploadId, MultipartUpload }))
  assert.equal((await bytesOf(Bucket, 'parts')).toString(), 'multipart')
})

test('what is not there answers NotImplemented and touches nothing', async () => {
  const Bucket = await makeBucket()
  await put(Bucket, 'a', 'precious')
  const Tagging = { TagSet: [{ Key: 'k', Value: 'v' }] }
  await fails(client.send(new sdk.PutObjectTaggingCommand({ Bucket, Key: 'a', Tagging })), 'NotImplemented', 501)
  await fails(client.send(new sdk.PutObjectAclCommand({ Bucket, Key: 'a', ACL: 'private' })), 'NotImplemented', 501)
  await fails(
    client.send(new sdk.PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: 'Enabled' } })),
    'NotImplemented',
    501,
  )
  await fails(client.send(new sdk.GetBucketPolicyCommand({ Bucket })), 'NotImplemented', 501)
  await fails(put(Bucket, 'a', 'x', { ObjectLockLegalHoldStatus: 'ON' }), 'NotImplemented', 501)
  await fails(put(Bucket, 'a', 'x', { ACL: 'public-read' }), 'AccessControlListNotSupported', 400)
  const url = `${served.endpoint}/${Bucket}/a`
  const rows: [string, string][] = [
    ['PUT', '?tomorrow'],
    ['PUT', '?tomorrow=1'],
    ['DELETE', '?tagging'],
    ['POST', '?restore'],
    ['POST', ''],
    ['GET', '?torrent'],
    ['GET', '?tomorrow'],
    ['PUT', '?tagging&uploads'],
    ['PUT', '?acl='],
  ]
  for (const [method, query] of rows)
    assert.equal((await raw(method, url + query, { 'content-length': '0' })).status, 501, method + query)
  assert.equal((await raw('PATCH', url)).status, 405)
  assert.equal((await raw('GET', `${url}?v=3`)).body, 'precious')
})

test('listeners hear of every change after it is committed, in order', async () => {
  const Bucket = await makeBucket()
  events.length = 0
  await put(Bucket, 'k', 'abc')
  await client.send(new sdk.CopyObjectCommand({ Bucket, Key: 'c', CopySource: `${Bucket}/k` }))
  await client.send(new sdk.DeleteObjectCommand({ Bucket, Key: 'k' }))
  await client.send(new sdk.DeleteObjectsCommand({ Bucket, Delete: { Objects: [{ Key: 'c' }, { Key: 'none' }] } }))
  assert.deepEqual(
    events.map(({ event, key, size }) => [event, key, size]),
    [
      ['ObjectCreated:Put', 'k', 3],
      ['ObjectCreated:Copy', 'c', 3],
      ['ObjectRemoved:Delete', 'k', undefined],
      ['ObjectRemoved:Delete', 'c', undefined],
    ],
  )
  const sequencers = events.map(({ sequencer }) => sequencer)
  assert.deepEqual([...sequencers].sort(), sequencers)
})

test('everything is there after a restart, and what a crash left behind is swept', async () => {
  const Bucket = await makeBucket()
  const large = Buffer.alloc(100_000, 'x')
  await put(Bucket, 'small', 'small', { Metadata: { a: 'b' } })
  await put(Bucket, 'large', large)
  const { UploadId } = await client.send(new sdk.CreateMultipartUploadCommand({ Bucket, Key: 'm' }))
  const { ETag } = await client.send(
    new sdk.UploadPartCommand({ Bucket, Key: 'm', UploadId, PartNumber: 1, Body: large }),
  )
  const orphan = join(root, 's3', 'f'.repeat(32))
  writeFileSync(orphan, 'left by a crash')
  await close()
  await open()
  assert.equal((await bytesOf(Bucket, 'small')).toString(), 'small')
  assert.equal((await client.send(new sdk.HeadObjectCommand({ Bucket, Key: 'small' }))).Metadata?.a, 'b')
  assert.ok(large.equals(await bytesOf(Bucket, 'large')))
  const MultipartUpload = { Parts: [{ PartNumber: 1, ETag }] }
  await client.send(new sdk.CompleteMultipartUploadCommand({ Bucket, Key: 'm', UploadId, MultipartUpload }))
  assert.ok(large.equals(await bytesOf(Bucket, 'm')))
  assert.ok(!readdirSync(join(root, 's3')).includes('f'.repeat(32)))
})

async function raw(
  method: string,
  url: string,
  headers: Record<string, string> = {},
  body = '',
): Promise<{ status: number; body: string }> {
  const { request } = await import('node:http')
  const { port, pathname, search } = new URL(url)
  // As given, not as a URL is normalized.
  const path = url.slice(url.indexOf('/', 'http://'.length))
  assert.ok(pathname + search !== '')
  return new Promise((resolve, reject) => {
    const sent = request({ host: '127.0.0.1', port, method, path, headers }, (answer) => {
      const chunks: Buffer[] = []
      answer.on('data', (chunk: Buffer) => chunks.push(chunk))
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, body: Buffer.concat(chunks).toString() }))
    })
    sent.on('error', reject)
    sent.end(body)
  })
}
