// What the local S3 says of an object without its bytes: attributes, parts, access control lists.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import * as sdk from '@aws-sdk/client-s3'
import { fails, openRig, type Rig } from '../support/s3.ts'

let rig: Rig
before(async () => {
  rig = await openRig()
})
after(() => rig.close())

const ALL: sdk.ObjectAttributes[] = ['ETag', 'Checksum', 'ObjectParts', 'StorageClass', 'ObjectSize']

test('attributes: those asked for, of a version', async () => {
  const Bucket = await rig.makeBucket()
  const VersioningConfiguration = { Status: 'Enabled' } as const
  await rig.client.send(new sdk.PutBucketVersioningCommand({ Bucket, VersioningConfiguration }))
  const { VersionId = '' } = await rig.put(Bucket, 'k', 'hello', {
    ChecksumAlgorithm: 'CRC32',
    StorageClass: 'GLACIER_IR',
  })
  await rig.put(Bucket, 'k', 'other')
  const ask = (more: object): Promise<sdk.GetObjectAttributesCommandOutput> =>
    rig.client.send(new sdk.GetObjectAttributesCommand({ Bucket, Key: 'k', ObjectAttributes: ALL, ...more }))
  const { $metadata: _, LastModified, ...whole } = await ask({ VersionId })
  assert.ok(LastModified)
  assert.deepEqual(whole, {
    VersionId,
    ETag: '5d41402abc4b2a76b9719d911017c592',
    Checksum: { ChecksumCRC32: 'NhCmhg==', ChecksumType: 'FULL_OBJECT' },
    StorageClass: 'GLACIER_IR',
    ObjectSize: 5,
  })
  const few = await ask({ ObjectAttributes: ['ObjectSize'] })
  assert.deepEqual([few.ObjectSize, few.ETag, few.StorageClass], [5, undefined, undefined])
  await fails(ask({ ObjectAttributes: [] }), 'InvalidRequest', 400)
  await fails(ask({ ObjectAttributes: ['Colour'] }), 'InvalidArgument', 400)
  await fails(ask({ Key: 'none' }), 'NoSuchKey', 404)
})

test('attributes of an object uploaded in parts name the parts that have checksums', async () => {
  const Bucket = await rig.makeBucket()
  const upload = async (Key: string, ChecksumAlgorithm?: 'SHA256'): Promise<void> => {
    const how = ChecksumAlgorithm === undefined ? {} : { ChecksumAlgorithm }
    const { UploadId } = await rig.client.send(new sdk.CreateMultipartUploadCommand({ Bucket, Key, ...how }))
    const Parts: sdk.CompletedPart[] = []
    for (const [index, Body] of [Buffer.alloc(5 * 1024 * 1024, 'x'), Buffer.from('end')].entries()) {
      const part = { Bucket, Key, UploadId, PartNumber: index + 1, Body, ...how }
      const { ETag, ChecksumSHA256 } = await rig.client.send(new sdk.UploadPartCommand(part))
      Parts.push({ PartNumber: index + 1, ...(ETag && { ETag }), ...(ChecksumSHA256 && { ChecksumSHA256 }) })
    }
    const MultipartUpload = { Parts }
    await rig.client.send(new sdk.CompleteMultipartUploadCommand({ Bucket, Key, UploadId, MultipartUpload }))
  }
  await upload('plain')
  await upload('summed', 'SHA256')
  const ask = { Bucket, ObjectAttributes: ALL }
  const plain = await rig.client.send(new sdk.GetObjectAttributesCommand({ ...ask, Key: 'plain' }))
  assert.deepEqual([plain.ObjectParts?.TotalPartsCount, plain.ObjectParts?.Parts], [2, undefined])
  const more = { Key: 'summed', MaxParts: 1, PartNumberMarker: '1' }
  const { Checksum, ObjectParts } = await rig.client.send(new sdk.GetObjectAttributesCommand({ ...ask, ...more }))
  assert.match(Checksum?.ChecksumSHA256 ?? '', /-2$/)
  assert.deepEqual(
    [ObjectParts?.TotalPartsCount, ObjectParts?.IsTruncated, ObjectParts?.NextPartNumberMarker],
    [2, false, '2'],
  )
  const [last] = ObjectParts?.Parts ?? []
  assert.deepEqual([last?.PartNumber, last?.Size, last?.ChecksumSHA256?.length], [2, 3, 44])
})

test('the access control list says that the owner may do all, and cannot say else', async () => {
  const Bucket = await rig.makeBucket()
  await rig.put(Bucket, 'k')
  const { Owner, Grants } = await rig.client.send(new sdk.GetObjectAclCommand({ Bucket, Key: 'k' }))
  assert.deepEqual(
    Grants?.map(({ Grantee, Permission }) => [Grantee?.Type, Grantee?.ID, Permission]),
    [['CanonicalUser', Owner?.ID, 'FULL_CONTROL']],
  )
  const put = (more: object): Promise<unknown> =>
    rig.client.send(new sdk.PutObjectAclCommand({ Bucket, Key: 'k', ...more }))
  await put({ ACL: 'private' })
  await put({ ACL: 'bucket-owner-full-control' })
  await put({ AccessControlPolicy: { Owner, Grants } })
  await fails(put({ ACL: 'public-read' }), 'AccessControlListNotSupported', 400)
  await fails(put({ GrantRead: 'id=1' }), 'AccessControlListNotSupported', 400)
  const Grantee = { Type: 'Group', URI: 'http://acs.amazonaws.com/groups/global/AllUsers' } as const
  const open = { AccessControlPolicy: { Owner, Grants: [{ Grantee, Permission: 'READ' as const }] } }
  await fails(put(open), 'AccessControlListNotSupported', 400)
  await fails(put({ Key: 'none', ACL: 'private' }), 'NoSuchKey', 404)
})
