// The documents of a bucket: what S3 answers when there are none, what is kept, what is refused.
import assert from 'node:assert/strict'
import { after, before, beforeEach, test } from 'node:test'
import * as sdk from '@aws-sdk/client-s3'
import { fails, openRig, type Rig } from '../support/s3.ts'

let rig: Rig
let at: { Bucket: string }
before(async () => {
  rig = await openRig()
})
after(() => rig.close())
beforeEach(async () => {
  at = { Bucket: await rig.makeBucket() }
})

test('a new bucket is encrypted, closed to the public, without access control lists', async () => {
  const { client } = rig
  const encryption = await client.send(new sdk.GetBucketEncryptionCommand(at))
  assert.deepEqual(encryption.ServerSideEncryptionConfiguration?.Rules, [
    { ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' }, BucketKeyEnabled: false },
  ])
  const block = await client.send(new sdk.GetPublicAccessBlockCommand(at))
  assert.deepEqual(block.PublicAccessBlockConfiguration, {
    BlockPublicAcls: true,
    IgnorePublicAcls: true,
    BlockPublicPolicy: true,
    RestrictPublicBuckets: true,
  })
  const ownership = await client.send(new sdk.GetBucketOwnershipControlsCommand(at))
  assert.deepEqual(ownership.OwnershipControls?.Rules, [{ ObjectOwnership: 'BucketOwnerEnforced' }])
  const acl = await client.send(new sdk.GetBucketAclCommand(at))
  assert.deepEqual(
    acl.Grants?.map(({ Permission, Grantee }) => [Permission, Grantee?.Type]),
    [['FULL_CONTROL', 'CanonicalUser']],
  )
  assert.equal((await client.send(new sdk.GetBucketRequestPaymentCommand(at))).Payer, 'BucketOwner')
  assert.equal((await client.send(new sdk.GetBucketLoggingCommand(at))).LoggingEnabled, undefined)
  assert.equal((await client.send(new sdk.GetBucketAccelerateConfigurationCommand(at))).Status, undefined)
})

test('what is not configured is an error of its own', async () => {
  const { client } = rig
  await fails(client.send(new sdk.GetBucketPolicyCommand(at)), 'NoSuchBucketPolicy', 404)
  await fails(client.send(new sdk.GetBucketPolicyStatusCommand(at)), 'NoSuchBucketPolicy', 404)
  await fails(client.send(new sdk.GetBucketTaggingCommand(at)), 'NoSuchTagSet', 404)
  await fails(client.send(new sdk.GetBucketWebsiteCommand(at)), 'NoSuchWebsiteConfiguration', 404)
  await fails(client.send(new sdk.GetBucketReplicationCommand(at)), 'ReplicationConfigurationNotFoundError', 404)
  await fails(client.send(new sdk.GetObjectLockConfigurationCommand(at)), 'ObjectLockConfigurationNotFoundError', 404)
  await fails(client.send(new sdk.GetBucketTaggingCommand({ Bucket: 'no-such-bucket' })), 'NoSuchBucket', 404)
  const replication = {
    Role: 'arn:aws:iam::000000000000:role/r',
    Rules: [{ Status: 'Enabled' as const, Destination: { Bucket: 'arn:aws:s3:::b' } }],
  }
  await fails(
    client.send(new sdk.PutBucketReplicationCommand({ ...at, ReplicationConfiguration: replication })),
    'NotImplemented',
    501,
  )
})

test('documents are kept, given back and taken away', async () => {
  const { client } = rig
  const TagSet = [{ Key: 'a', Value: 'b' }]
  await client.send(new sdk.PutBucketTaggingCommand({ ...at, Tagging: { TagSet } }))
  assert.deepEqual((await client.send(new sdk.GetBucketTaggingCommand(at))).TagSet, TagSet)
  const twice = [...TagSet, ...TagSet]
  await fails(client.send(new sdk.PutBucketTaggingCommand({ ...at, Tagging: { TagSet: twice } })), 'InvalidTag', 400)
  await client.send(new sdk.DeleteBucketTaggingCommand(at))
  await fails(client.send(new sdk.GetBucketTaggingCommand(at)), 'NoSuchTagSet', 404)

  const Rules = [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms' as const }, BucketKeyEnabled: true }]
  await client.send(new sdk.PutBucketEncryptionCommand({ ...at, ServerSideEncryptionConfiguration: { Rules } }))
  const kept = await client.send(new sdk.GetBucketEncryptionCommand(at))
  assert.deepEqual(kept.ServerSideEncryptionConfiguration?.Rules, Rules)
  await client.send(new sdk.DeleteBucketEncryptionCommand(at))
  const again = await client.send(new sdk.GetBucketEncryptionCommand(at))
  assert.equal(
    again.ServerSideEncryptionConfiguration?.Rules?.[0]?.ApplyServerSideEncryptionByDefault?.SSEAlgorithm,
    'AES256',
  )

  await client.send(new sdk.DeletePublicAccessBlockCommand(at))
  await fails(client.send(new sdk.GetPublicAccessBlockCommand(at)), 'NoSuchPublicAccessBlockConfiguration', 404)
  await client.send(new sdk.DeleteBucketOwnershipControlsCommand(at))
  await fails(client.send(new sdk.GetBucketOwnershipControlsCommand(at)), 'OwnershipControlsNotFoundError', 404)

  const IndexDocument = { Suffix: 'index.html' }
  await client.send(new sdk.PutBucketWebsiteCommand({ ...at, WebsiteConfiguration: { IndexDocument } }))
  assert.deepEqual((await client.send(new sdk.GetBucketWebsiteCommand(at))).IndexDocument, IndexDocument)
  await fails(
    client.send(new sdk.PutBucketAclCommand({ ...at, ACL: 'public-read' })),
    'AccessControlListNotSupported',
    400,
  )
  await client.send(new sdk.PutBucketAclCommand({ ...at, ACL: 'private' }))
})

test('policies: JSON of this bucket, public ones only where the bucket lets them', async () => {
  const { client } = rig
  const policy = (more: Record<string, unknown> = {}): string =>
    JSON.stringify({
      Version: '2012-10-17',
      Statement: [
        { Effect: 'Allow', Principal: '*', Action: 's3:GetObject', Resource: `arn:aws:s3:::${at.Bucket}/*`, ...more },
      ],
    })
  const put = (Policy: string): Promise<unknown> => client.send(new sdk.PutBucketPolicyCommand({ ...at, Policy }))
  await fails(put('{'), 'MalformedPolicy', 400)
  await fails(put(policy({ Resource: 'arn:aws:s3:::other/*' })), 'MalformedPolicy', 400)
  await fails(put(policy({ Effect: 'Maybe' })), 'MalformedPolicy', 400)
  await fails(put(policy()), 'AccessDenied', 403)
  const closed = policy({ Principal: { AWS: 'arn:aws:iam::000000000000:root' } })
  await put(closed)
  assert.equal((await client.send(new sdk.GetBucketPolicyCommand(at))).Policy, closed)
  const status = async (): Promise<boolean | undefined> =>
    (await client.send(new sdk.GetBucketPolicyStatusCommand(at))).PolicyStatus?.IsPublic
  assert.equal(await status(), false)
  const PublicAccessBlockConfiguration = { BlockPublicPolicy: false }
  await client.send(new sdk.PutPublicAccessBlockCommand({ ...at, PublicAccessBlockConfiguration }))
  await put(policy())
  assert.equal(await status(), true)
  await client.send(new sdk.DeleteBucketPolicyCommand(at))
  await fails(client.send(new sdk.GetBucketPolicyCommand(at)), 'NoSuchBucketPolicy', 404)
})

test('default encryption has one rule, neither none nor two', async () => {
  const Bucket = await rig.makeBucket()
  const rule = { ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' as const } }
  for (const Rules of [[], [rule, rule]]) {
    const ServerSideEncryptionConfiguration = { Rules }
    await fails(
      rig.client.send(new sdk.PutBucketEncryptionCommand({ Bucket, ServerSideEncryptionConfiguration })),
      'MalformedXML',
      400,
    )
  }
})
