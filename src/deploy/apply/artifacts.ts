// Uploads what is not there yet. Every key says the content's hash, so what is there is never sent again.
import type { Clients } from '../calls/clients.ts'
import { inParallel } from '../calls/parallel.ts'
import { isRefused } from '../calls/refused.ts'
import type { Report } from '../calls/report.ts'

/** Something to be in the artifact bucket. */
export interface Upload {
  readonly key: string
  /** For people. */
  readonly name: string
  readonly size: number
  /** In Base64. */
  readonly sha256: string
  bytes(): Promise<Uint8Array>
}

export interface Place {
  readonly bucket: string
  readonly account: string
  /** What all the keys begin with. */
  readonly prefix: string
}

const AT_ONCE = 8

/** Sends what is missing, and tells how many that were. */
export async function upload(
  clients: Clients,
  { bucket, account, prefix }: Place,
  uploads: readonly Upload[],
  report: Report,
): Promise<number> {
  if (uploads.length === 0) return 0
  const there = await sizesBelow(clients, { bucket, account, prefix })
  const missing = uploads.filter(({ key, size }) => there.get(key) !== size)
  let done = 0
  await inParallel(missing, AT_ONCE, async ({ key, name, size, sha256, bytes }) => {
    await clients.s3.putObject({
      Bucket: bucket,
      Key: key,
      ExpectedBucketOwner: account,
      Body: await bytes(),
      ContentType: key.endsWith('.json') ? 'application/json' : 'application/zip',
      // S3 refuses what was damaged on its way.
      ChecksumSHA256: sha256,
    })
    done++
    report({ what: 'uploaded', name, size, done, of: missing.length })
  })
  return missing.length
}

/** The size of every object whose key begins so. None where there is no bucket. */
export async function sizesBelow({ s3 }: Clients, { bucket, account, prefix }: Place): Promise<Map<string, number>> {
  const sizes = new Map<string, number>()
  let token: string | undefined
  do {
    try {
      const page = await s3.listObjectsV2({
        Bucket: bucket,
        Prefix: prefix,
        ExpectedBucketOwner: account,
        ...(token === undefined ? {} : { ContinuationToken: token }),
      })
      for (const { Key, Size } of page.Contents ?? []) if (Key !== undefined) sizes.set(Key, Size ?? -1)
      token = page.NextContinuationToken
    } catch (error) {
      if (isRefused(error, 'NoSuchBucket')) return sizes
      throw error
    }
  } while (token !== undefined)
  return sizes
}
