// The artifact bucket: one for every account and region, made by whoever deploys there first.
import type { BucketLocationConstraint } from '@aws-sdk/client-s3'
import { problem } from '../../errors.ts'
import type { Clients } from '../calls/clients.ts'
import { isRefused, statusOf } from '../calls/refused.ts'

export const artifactBucket = (account: string, region: string): string => `goblet-artifacts-${account}-${region}`

/**
 * Makes it unless it is there. Its name can be guessed, so every call names the owner it must have: whoever made a bucket of
 * this name in another account beforehand would be handed the code of everybody who deploys.
 * A new bucket is private and encrypted from its first moment, so nothing is left half made: S3 User Guide, "Blocking public
 * access" (all four settings on for buckets made since April 2023) and "Default encryption FAQ" (SSE-S3 since January 2023).
 */
export async function ensureBucket(clients: Clients, account: string): Promise<string> {
  const bucket = artifactBucket(account, clients.region)
  if (await isThere(clients, bucket, account)) return bucket
  try {
    await clients.s3.createBucket({
      Bucket: bucket,
      ...(isConstraint(clients.region) ? { CreateBucketConfiguration: { LocationConstraint: clients.region } } : {}),
    })
  } catch (error) {
    // Another deploy made it in the meantime; or this one did, and the answer was lost.
    if (!isRefused(error, 'BucketAlreadyOwnedByYou', 'BucketAlreadyExists', 'OperationAborted')) throw error
    if (!(await isThere(clients, bucket, account))) throw problem('GOBLET_BUCKET_TAKEN', { bucket })
  }
  return bucket
}

// S3 API Reference, CreateBucket: every region but us-east-1, whichever of them the client's list knows yet.
const isConstraint = (region: string): region is BucketLocationConstraint => region !== 'us-east-1'

/** Whether it is there, and the account's own. */
export async function isThere({ s3 }: Clients, bucket: string, account: string): Promise<boolean> {
  try {
    await s3.headBucket({ Bucket: bucket, ExpectedBucketOwner: account })
    return true
  } catch (error) {
    if (statusOf(error) === 404) return false
    if (statusOf(error) === 403) throw problem('GOBLET_BUCKET_TAKEN', { bucket })
    throw error
  }
}

/** Where CloudFormation finds an object, as the client's own configuration says. */
export async function objectUrl({ s3 }: Clients, bucket: string, key: string): Promise<string> {
  const { endpoint, forcePathStyle } = s3.config
  if (endpoint !== undefined) {
    const { protocol, hostname, port } = await endpoint()
    const host = `${protocol}//${hostname}${port === undefined ? '' : `:${port}`}`
    return `${host}/${bucket}/${key}`
  }
  const { url } = s3.config.endpointProvider({
    Bucket: bucket,
    Region: await s3.config.region(),
    ForcePathStyle: forcePathStyle === true,
  })
  return `${url.href.replace(/\/$/, '')}/${key}`
}
