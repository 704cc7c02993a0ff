// Copies and multipart uploads of the local S3 as the AWS SDK sees them.
import assert from 'node:assert/strict'
import { Readable } from 'node:stream'
import { after, before, test } from 'node:test'
import * as sdk from '@aws-sdk/client-s3'
import { Upload } from '@aws-sdk/lib-storage'
import { fails, openRig, type Rig } from '../support/s3.ts'

let rig: Rig
before(async () => {
  rig = await openRig()
})
after(() => rig.close())

test('copies: between keys, with new metadata, onto itself only with a change', async () => {
  const Bucket = await rig.makeBucket()
  const key = 'a b+ü%?#.txt'
  await rig.put(Bucket, key, 'body', { Metadata: { a: '1' }, ContentType: 'text/plain' })
  const CopySource = `/${Bucket}/${encodeURIComponent(key)}`
  const copied = await rig.client.send(new sdk.CopyObjectCommand({ Bucket, Key: 'copy', CopySource }))
  assert.equal(copied.CopyObjectResult?.ETag, '"841a2d689ad86bd1611447453c22c6fc"')
  const kept = await rig.client.send(new sdk.HeadObjectCommand({ Bucket, Key: 'copy' }))
  assert.deepEqual([{ ...kept.Metadata }, kept.ContentType], [{ a: '1' }, 'text/plain'])
  await rig.client.send(
    new sdk.CopyObjectCommand({ Bucket, Key: 'copy', CopySource, MetadataDirective: 'REPLACE', Metadata: { b: '2' } }),
  )
  const replaced = await rig.client.send(new sdk.HeadObjectCommand({ Bucket, Key: 'copy' }))
  assert.deepEqual([{ ...replaced.Metadata }, replaced.ContentType], [{ b: '2' }, 'binary/octet-stream'])
  const itself = { Bucket, Key: key, CopySource }
  await fails(rig.client.send(new sdk.CopyObjectCommand(itself)), 'InvalidRequest', 400)
  await rig.client.send(new sdk.CopyObjectCommand({ ...itself, MetadataDirective: 'REPLACE' }))
  assert.equal((await rig.bytesOf(Bucket, key)).toString(), 'body')
  await fails(
    rig.client.send(new sdk.CopyObjectCommand({ Bucket, Key: 'x', CopySource: `${Bucket}/none` })),
    'NoSuchKey',
    404,
  )
  await fails(
    rig.client.send(new sdk.CopyObjectCommand({ Bucket, Key: 'x', CopySource, CopySourceIfMatch: 'x' })),
    'PreconditionFailed',
    412,
  )
})

test('multipart uploads', async () => {
  const Bucket = await rig.makeBucket()
  const body = Buffer.alloc(12 * 1024 * 1024 + 5, 'multipart')
  const upload = new Upload({
    client: rig.client,
    params: { Bucket, Key: 'whole', Body: Readable.from([body]), ContentType: 'x/y' },
    partSize: 5 * 1024 * 1024,
  })
  await upload.done()
  assert.ok(body.equals(await rig.bytesOf(Bucket, 'whole')))
  const head = await rig.client.send(new sdk.HeadObjectCommand({ Bucket, Key: 'whole', PartNumber: 2 }))
  assert.deepEqual([head.PartsCount, head.ContentLength, head.ContentType], [3, 5 * 1024 * 1024, 'x/y'])
  assert.match(head.ETag ?? '', /^"[\da-f]{32}-3"$/)
  assert.equal(
    (await rig.bytesOf(Bucket, 'whole', { Range: 'bytes=5242878-5242885' })).toString(),
    body.subarray(5242878, 5242886).toString(),
  )

  const at = { Bucket, Key: 'parts' }
  const { UploadId } = await rig.client.send(new sdk.CreateMultipartUploadCommand(at))
  const one = await rig.client.send(new sdk.UploadPartCommand({ ...at, UploadId, PartNumber: 1, Body: 'tiny' }))
  const two = await rig.client.send(new sdk.UploadPartCommand({ ...at, UploadId, PartNumber: 2, Body: 'last' }))
  const listed = await rig.client.send(new sdk.ListPartsCommand({ ...at, UploadId, MaxParts: 1 }))
  assert.deepEqual([listed.Parts?.[0]?.Size, listed.IsTruncated, listed.NextPartNumberMarker], [4, true, '1'])
  assert.equal(
    (await rig.client.send(new sdk.ListMultipartUploadsCommand({ Bucket }))).Uploads?.[0]?.UploadId,
    UploadId,
  )
  const complete = (Parts: sdk.CompletedPart[]): Promise<unknown> =>
    rig.client.send(new sdk.CompleteMultipartUploadCommand({ ...at, UploadId, MultipartUpload: { Parts } }))
  const [first, second] = [
    { PartNumber: 1, ETag: one.ETag },
    { PartNumber: 2, ETag: two.ETag },
  ]
  await fails(complete([first, second]), 'EntityTooSmall', 400)
  await fails(complete([second, first]), 'InvalidPartOrder', 400)
  await fails(complete([{ ...first, ETag: '"x"' }]), 'InvalidPart', 400)
  await fails(complete([]), 'MalformedXML', 400)
  await complete([second])
  assert.equal((await rig.bytesOf(Bucket, 'parts')).toString(), 'last')
  await fails(complete([second]), 'NoSuchUpload', 404)

  const aborted = await rig.client.send(new sdk.CreateMultipartUploadCommand(at))
  await rig.client.send(new sdk.AbortMultipartUploadCommand({ ...at, UploadId: aborted.UploadId }))
  await fails(
    rig.client.send(new sdk.UploadPartCommand({ ...at, UploadId: aborted.UploadId, PartNumber: 1, Body: 'x' })),
    'NoSuchUpload',
    404,
  )
  const copying = await rig.client.send(new sdk.CreateMultipartUploadCommand(at))
  const part = {
    ...at,
    UploadId: copying.UploadId,
    PartNumber: 1,
    CopySource: `${Bucket}/whole`,
    CopySourceRange: 'bytes=0-8',
  }
  const { CopyPartResult } = await rig.client.send(new sdk.UploadPartCopyCommand(part))
  const MultipartUpload = { Parts: [{ PartNumber: 1, ETag: CopyPartResult?.ETag }] }
  await rig.client.send(new sdk.CompleteMultipartUploadCommand({ ...at, UploadId: copying.UploadId, MultipartUpload }))
  assert.equal((await rig.bytesOf(Bucket, 'parts')).toString(), 'multipart')
})
