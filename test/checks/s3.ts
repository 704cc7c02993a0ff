// The checks of S3, by the SDK: bytes, lists, parts, versions, signatures.
import assert from 'node:assert/strict'
import * as sdk from '@aws-sdk/client-s3'
import { getSignedUrl } from '@aws-sdk/s3-request-presigner'
import { type It, type Run, type Runs, refused } from './check.ts'
import { postForm, sendForm } from './form.ts'

const KEY = 'a folder/ü + 🎉.txt'
const BIG = 5 * 1024 * 1024

const keys: Run = async (it) => {
  const Bucket = await it.bucket()
  await it.put(Bucket, KEY, 'body', { Metadata: { color: 'red' }, ContentType: 'text/x-check' })
  const got = await it.s3.send(new sdk.GetObjectCommand({ Bucket, Key: KEY }))
  assert.equal(await got.Body?.transformToString(), 'body')
  assert.deepEqual([got.Metadata, got.ContentType, got.ContentLength], [{ color: 'red' }, 'text/x-check', 4])
  const { Contents } = await it.s3.send(new sdk.ListObjectsV2Command({ Bucket }))
  assert.deepEqual(
    Contents?.map(({ Key }) => Key),
    [KEY],
  )
}

const keyLong: Run = async (it) => {
  await refused(it.put(await it.bucket(), 'x'.repeat(1025)), 'KeyTooLongError', 400)
}

async function fill(it: It, names: readonly string[]): Promise<string> {
  const Bucket = await it.bucket()
  for (const name of names) await it.put(Bucket, name)
  return Bucket
}

const list: Run = async (it) => {
  const Bucket = await fill(it, ['B', 'a', 'p/1', 'p/2', 'q/1', 'é'])
  const seen: (string | undefined)[] = []
  let ContinuationToken: string | undefined
  for (let page = 0; page < 5; page++) {
    const asked = { Bucket, Delimiter: '/', MaxKeys: 2, ...(ContinuationToken ? { ContinuationToken } : {}) }
    const got = await it.s3.send(new sdk.ListObjectsV2Command(asked))
    const names = [...(got.Contents ?? []).map(({ Key }) => Key), ...(got.CommonPrefixes ?? []).map((p) => p.Prefix)]
    assert.equal(got.KeyCount, names.length)
    assert.ok(names.length <= 2)
    seen.push(...names)
    ContinuationToken = got.NextContinuationToken
    if (got.IsTruncated !== true) break
  }
  assert.deepEqual(seen, ['B', 'a', 'p/', 'q/', 'é'])
}

const listV1: Run = async (it) => {
  const Bucket = await fill(it, ['a', 'p/1', 'p/2', 'z'])
  const first = await it.s3.send(new sdk.ListObjectsCommand({ Bucket, Delimiter: '/', MaxKeys: 2 }))
  assert.deepEqual([first.IsTruncated, first.NextMarker], [true, 'p/'])
  const second = await it.s3.send(new sdk.ListObjectsCommand({ Bucket, Delimiter: '/', Marker: first.NextMarker }))
  assert.deepEqual([second.Contents?.map(({ Key }) => Key), second.CommonPrefixes ?? []], [['z'], []])
}

const range: Run = async (it) => {
  const Bucket = await it.bucket()
  await it.put(Bucket, 'k', '0123456789')
  const got = await it.s3.send(new sdk.GetObjectCommand({ Bucket, Key: 'k', Range: 'bytes=2-4' }))
  assert.deepEqual([got.$metadata.httpStatusCode, got.ContentRange], [206, 'bytes 2-4/10'])
  assert.equal(await got.Body?.transformToString(), '234')
}

const rangeSuffix: Run = async (it) => {
  const Bucket = await it.bucket()
  await it.put(Bucket, 'k', '0123456789')
  assert.equal(await it.text(Bucket, 'k', { Range: 'bytes=-3' }), '789')
}

const rangeBeyond: Run = async (it) => {
  const Bucket = await it.bucket()
  await it.put(Bucket, 'k', '0123456789')
  await refused(it.text(Bucket, 'k', { Range: 'bytes=10-12' }), 'InvalidRange', 416)
}

const conditionalGet: Run = async (it) => {
  const Bucket = await it.bucket()
  const IfNoneMatch = await it.put(Bucket, 'k', 'v')
  await refused(it.text(Bucket, 'k', { IfNoneMatch }), /./, 304)
  await refused(it.text(Bucket, 'k', { IfMatch: '"0"' }), 'PreconditionFailed', 412)
}

const conditionalPut: Run = async (it) => {
  const Bucket = await it.bucket()
  await it.put(Bucket, 'k', 'first', { IfNoneMatch: '*' })
  await refused(it.put(Bucket, 'k', 'second', { IfNoneMatch: '*' }), 'PreconditionFailed', 412)
  assert.equal(await it.text(Bucket, 'k'), 'first')
}

const copy: Run = async (it) => {
  const Bucket = await it.bucket()
  await it.put(Bucket, KEY, 'body', { Metadata: { color: 'red' } })
  const CopySource = `${Bucket}/${encodeURIComponent(KEY)}`
  await it.s3.send(new sdk.CopyObjectCommand({ Bucket, Key: 'kept', CopySource }))
  const replaced = { MetadataDirective: 'REPLACE', Metadata: { size: 'big' } } as const
  await it.s3.send(new sdk.CopyObjectCommand({ Bucket, Key: 'replaced', CopySource, ...replaced }))
  const metadata = async (Key: string) => (await it.s3.send(new sdk.HeadObjectCommand({ Bucket, Key }))).Metadata
  assert.equal(await it.text(Bucket, 'kept'), 'body')
  assert.deepEqual([await metadata('kept'), await metadata('replaced')], [{ color: 'red' }, { size: 'big' }])
}

async function begin(it: It, Key: string): Promise<{ Bucket: string; Key: string; UploadId: string }> {
  const Bucket = await it.bucket()
  const { UploadId = '' } = await it.s3.send(new sdk.CreateMultipartUploadCommand({ Bucket, Key }))
  return { Bucket, Key, UploadId }
}

type Upload = Awaited<ReturnType<typeof begin>>

async function part(it: It, upload: Upload, PartNumber: number, Body: string) {
  const { ETag } = await it.s3.send(new sdk.UploadPartCommand({ ...upload, PartNumber, Body }))
  return { ETag, PartNumber }
}

const complete = (it: It, upload: Upload, Parts: sdk.CompletedPart[]) =>
  it.s3.send(new sdk.CompleteMultipartUploadCommand({ ...upload, MultipartUpload: { Parts } }))

const multipart: Run = async (it) => {
  const upload = await begin(it, 'big')
  const second = await part(it, upload, 2, 'tail')
  const first = await part(it, upload, 1, 'x'.repeat(BIG))
  const { Parts = [] } = await it.s3.send(new sdk.ListPartsCommand(upload))
  assert.deepEqual(
    Parts.map(({ PartNumber, Size }) => [PartNumber, Size]),
    [
      [1, BIG],
      [2, 4],
    ],
  )
  const { Uploads } = await it.s3.send(new sdk.ListMultipartUploadsCommand({ Bucket: upload.Bucket }))
  assert.deepEqual(
    Uploads?.map(({ UploadId }) => UploadId),
    [upload.UploadId],
  )
  assert.match((await complete(it, upload, [first, second])).ETag ?? '', /^"[0-9a-f]{32}-2"$/)
  assert.equal(await it.text(upload.Bucket, 'big'), `${'x'.repeat(BIG)}tail`)
}

const partCopy: Run = async (it) => {
  const upload = await begin(it, 'big')
  await it.put(upload.Bucket, KEY, '0123456789')
  const source = { CopySource: `${upload.Bucket}/${encodeURIComponent(KEY)}`, CopySourceRange: 'bytes=2-4' }
  const { CopyPartResult } = await it.s3.send(new sdk.UploadPartCopyCommand({ ...upload, ...source, PartNumber: 1 }))
  await complete(it, upload, [{ ETag: CopyPartResult?.ETag, PartNumber: 1 }])
  assert.equal(await it.text(upload.Bucket, 'big'), '234')
}

const partSmall: Run = async (it) => {
  const upload = await begin(it, 'big')
  const parts = [await part(it, upload, 1, 'small'), await part(it, upload, 2, 'tail')]
  await refused(complete(it, upload, parts), 'EntityTooSmall', 400)
  await refused(it.text(upload.Bucket, 'big'), 'NoSuchKey', 404)
}

const abort: Run = async (it) => {
  const upload = await begin(it, 'gone')
  await part(it, upload, 1, 'bytes')
  await it.s3.send(new sdk.AbortMultipartUploadCommand(upload))
  await refused(it.s3.send(new sdk.ListPartsCommand(upload)), 'NoSuchUpload', 404)
  await refused(it.text(upload.Bucket, 'gone'), 'NoSuchKey', 404)
}

const versions: Run = async (it) => {
  const Bucket = await it.bucket()
  const VersioningConfiguration = { Status: 'Enabled' } as const
  await it.s3.send(new sdk.PutBucketVersioningCommand({ Bucket, VersioningConfiguration }))
  const put = async (Body: string) =>
    (await it.s3.send(new sdk.PutObjectCommand({ Bucket, Key: 'k', Body }))).VersionId ?? assert.fail('no version id')
  const [first, second] = [await put('one'), await put('two')]
  const gone = await it.s3.send(new sdk.DeleteObjectCommand({ Bucket, Key: 'k' }))
  assert.equal(gone.DeleteMarker, true)
  await refused(it.text(Bucket, 'k'), 'NoSuchKey', 404)
  assert.equal(await it.text(Bucket, 'k', { VersionId: first }), 'one')
  const all = await it.s3.send(new sdk.ListObjectVersionsCommand({ Bucket }))
  assert.deepEqual(
    all.Versions?.map(({ VersionId, IsLatest }) => [VersionId, IsLatest]),
    [
      [second, false],
      [first, false],
    ],
  )
  assert.deepEqual(
    all.DeleteMarkers?.map(({ VersionId, IsLatest }) => [VersionId, IsLatest]),
    [[gone.VersionId, true]],
  )
  await it.s3.send(new sdk.DeleteObjectCommand({ Bucket, Key: 'k', VersionId: gone.VersionId }))
  assert.equal(await it.text(Bucket, 'k'), 'two')
}

const tagging: Run = async (it) => {
  const Bucket = await it.bucket()
  await it.put(Bucket, 'k', 'body')
  const TagSet = [{ Key: 'a', Value: '1 = 2' }]
  await it.s3.send(new sdk.PutObjectTaggingCommand({ Bucket, Key: 'k', Tagging: { TagSet } }))
  const got = await it.s3.send(new sdk.GetObjectCommand({ Bucket, Key: 'k' }))
  assert.deepEqual([await got.Body?.transformToString(), got.TagCount], ['body', 1])
  assert.deepEqual((await it.s3.send(new sdk.GetObjectTaggingCommand({ Bucket, Key: 'k' }))).TagSet, TagSet)
}

const SHA_OF_BODY = 'Iw2DWNyOiJC0xY3utikS7i8gNXrpKlzIYbmOaP4xrLU='

const checksum: Run = async (it) => {
  const Bucket = await it.bucket()
  await it.put(Bucket, 'k', 'body', { ChecksumAlgorithm: 'SHA256' })
  const got = await it.s3.send(new sdk.HeadObjectCommand({ Bucket, Key: 'k', ChecksumMode: 'ENABLED' }))
  assert.equal(got.ChecksumSHA256, SHA_OF_BODY)
}

const checksumWrong: Run = async (it) => {
  const Bucket = await it.bucket()
  await refused(it.put(Bucket, 'k', 'other', { ChecksumSHA256: SHA_OF_BODY }), 'BadDigest', 400)
  await refused(it.text(Bucket, 'k'), 'NoSuchKey', 404)
}

const presign: Run = async (it) => {
  const Bucket = await it.bucket()
  const put = await getSignedUrl(it.s3, new sdk.PutObjectCommand({ Bucket, Key: KEY }), { expiresIn: 60 })
  assert.equal((await fetch(put, { method: 'PUT', body: 'signed' })).status, 200)
  const get = await getSignedUrl(it.s3, new sdk.GetObjectCommand({ Bucket, Key: KEY }), { expiresIn: 60 })
  assert.equal(await (await fetch(get)).text(), 'signed')
}

async function refusedUrl(url: string, code: string): Promise<void> {
  const answer = await fetch(url)
  assert.equal(answer.status, 403)
  assert.match(await answer.text(), new RegExp(`<Code>${code}</Code>`))
}

const presignExpired: Run = async (it) => {
  const Bucket = await it.bucket()
  await it.put(Bucket, 'k')
  const signed = { expiresIn: 60, signingDate: new Date(Date.now() - 120_000) }
  await refusedUrl(await getSignedUrl(it.s3, new sdk.GetObjectCommand({ Bucket, Key: 'k' }), signed), 'AccessDenied')
}

const presignForged: Run = async (it) => {
  const Bucket = await it.bucket()
  for (const key of ['k', 'm']) await it.put(Bucket, key)
  const url = await getSignedUrl(it.s3, new sdk.GetObjectCommand({ Bucket, Key: 'k' }), { expiresIn: 60 })
  await refusedUrl(url.replace('/k?', '/m?'), 'SignatureDoesNotMatch')
}

const postPolicy: Run = async (it) => {
  const Bucket = await it.bucket()
  const form = postForm(Bucket, 'posted', 4)
  const large = await sendForm(`${it.endpoint}/${Bucket}`, form, 'five!')
  assert.equal(large.status, 400)
  assert.match(await large.text(), /<Code>EntityTooLarge<\/Code>/)
  assert.equal((await sendForm(`${it.endpoint}/${Bucket}`, form, 'four')).status, 204)
  assert.equal(await it.text(Bucket, 'posted'), 'four')
}

const cors: Run = async (it) => {
  const Bucket = await it.bucket()
  const rule = { AllowedOrigins: ['https://a.example'], AllowedMethods: ['PUT'], AllowedHeaders: ['x-amz-*'] }
  await it.s3.send(new sdk.PutBucketCorsCommand({ Bucket, CORSConfiguration: { CORSRules: [rule] } }))
  const ask = (origin: string) =>
    fetch(`${it.endpoint}/${Bucket}/k`, {
      method: 'OPTIONS',
      headers: { origin, 'access-control-request-method': 'PUT', 'access-control-request-headers': 'x-amz-date' },
    })
  const good = await ask('https://a.example')
  assert.deepEqual([good.status, good.headers.get('access-control-allow-origin')], [200, 'https://a.example'])
  assert.equal((await ask('https://b.example')).status, 403)
}

const notify: Run = async (it) => {
  const [Bucket, queue] = [await it.bucket(), await it.queue()]
  const rule = { QueueArn: queue.arn, Events: ['s3:ObjectCreated:*' as const] }
  const Filter = { Key: { FilterRules: [{ Name: 'suffix' as const, Value: '.txt' }] } }
  const NotificationConfiguration = { QueueConfigurations: [{ ...rule, Filter }] }
  const more = { SkipDestinationValidation: true }
  await it.s3.send(new sdk.PutBucketNotificationConfigurationCommand({ Bucket, NotificationConfiguration, ...more }))
  await it.put(Bucket, 'n/other.jpg')
  await it.put(Bucket, 'n/a b.txt')
  // The first may be the s3:TestEvent, which has no records.
  const bodies = (await it.receive(queue, 2, 2)).map(({ Body = '{}' }) => JSON.parse(Body))
  const records = bodies.flatMap((body) => body.Records ?? [])
  assert.deepEqual(
    records.map(({ eventName, s3 }) => [eventName, s3.object.key]),
    [['ObjectCreated:Put', 'n/a+b.txt']],
  )
}

const deleteMany: Run = async (it) => {
  const Bucket = await fill(it, ['a'])
  const Objects = [{ Key: 'a' }, { Key: 'none' }]
  const got = await it.s3.send(new sdk.DeleteObjectsCommand({ Bucket, Delete: { Objects } }))
  assert.deepEqual(got.Deleted?.map(({ Key }) => Key).sort(), ['a', 'none'])
  await refused(it.text(Bucket, 'a'), 'NoSuchKey', 404)
}

const notEmpty: Run = async (it) => {
  const Bucket = await fill(it, ['a'])
  await refused(it.s3.send(new sdk.DeleteBucketCommand({ Bucket })), 'BucketNotEmpty', 409)
  await it.s3.send(new sdk.DeleteObjectCommand({ Bucket, Key: 'a' }))
  await it.s3.send(new sdk.DeleteBucketCommand({ Bucket }))
  await refused(it.put(Bucket, 'a'), 'NoSuchBucket', 404)
}

export const s3: Runs = {
  's3-keys': keys,
  's3-key-long': keyLong,
  's3-list': list,
  's3-list-v1': listV1,
  's3-range': range,
  's3-range-suffix': rangeSuffix,
  's3-range-beyond': rangeBeyond,
  's3-conditional-get': conditionalGet,
  's3-conditional-put': conditionalPut,
  's3-copy': copy,
  's3-multipart': multipart,
  's3-part-copy': partCopy,
  's3-part-small': partSmall,
  's3-abort': abort,
  's3-versions': versions,
  's3-tagging': tagging,
  's3-checksum': checksum,
  's3-checksum-wrong': checksumWrong,
  's3-presign': presign,
  's3-presign-expired': presignExpired,
  's3-presign-forged': presignForged,
  's3-post-policy': postPolicy,
  's3-cors': cors,
  's3-notify': notify,
  's3-delete-many': deleteMany,
  's3-not-empty': notEmpty,
}
