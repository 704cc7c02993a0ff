// What a request has to be allowed, of its address, its query and its headers.
import type { Asked } from '../../service.ts'
import type { Call, Operation } from './dispatch.ts'
import { S3Error } from './errors.ts'

type Input = Asked['input']

// By header: the members of the SDK's input that ask for permissions of their own.
const MEMBERS: Readonly<Record<string, string>> = {
  'x-amz-acl': 'ACL',
  'x-amz-bypass-governance-retention': 'BypassGovernanceRetention',
  'x-amz-copy-source': 'CopySource',
  'x-amz-grant-full-control': 'GrantFullControl',
  'x-amz-grant-read': 'GrantRead',
  'x-amz-grant-read-acp': 'GrantReadACP',
  'x-amz-grant-write': 'GrantWrite',
  'x-amz-grant-write-acp': 'GrantWriteACP',
  'x-amz-object-lock-legal-hold': 'ObjectLockLegalHoldStatus',
  'x-amz-object-lock-mode': 'ObjectLockMode',
  'x-amz-object-lock-retain-until-date': 'ObjectLockRetainUntilDate',
  'x-amz-object-ownership': 'ObjectOwnership',
  'x-amz-server-side-encryption-aws-kms-key-id': 'SSEKMSKeyId',
  'x-amz-tagging': 'Tagging',
  'x-amz-tagging-directive': 'TaggingDirective',
}

const PARAMETERS: Readonly<Record<string, string>> = {
  versionId: 'VersionId',
  uploadId: 'UploadId',
  prefix: 'Prefix',
  delimiter: 'Delimiter',
  'max-keys': 'MaxKeys',
}

/** The input of a call as the SDK has it, as far as permissions go. */
export function toInput({ bucket, key, query, headers }: Pick<Call, 'bucket' | 'key' | 'query' | 'headers'>): Input {
  const input: Record<string, unknown> = {}
  if (bucket !== '') input.Bucket = bucket
  if (key !== '') input.Key = key
  for (const name of Object.keys(headers)) {
    const member = name.startsWith('x-amz-') ? MEMBERS[name] : undefined
    if (member !== undefined) input[member] = headers[name]
  }
  for (const [name, value] of query) {
    const member = PARAMETERS[name]
    if (member !== undefined) input[member] = value
  }
  return input
}

/** Throws AccessDenied when the sender may not do this. */
export function checkAllowed({ request }: Pick<Call, 'request'>, asked: Omit<Asked, 'client'>): void {
  const words = request.denied?.({ client: 's3', ...asked })
  if (words !== undefined) throw new S3Error('AccessDenied', {}, words)
}

const HIDING = new Set(['GetObject', 'HeadObject', 'GetObjectAttributes'])

/**
 * The error for who asks for an object that is not there: nobody is told so who may not list the bucket.
 * Source: docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html, "Permissions".
 */
export function hideMissing(call: Call, operation: Operation, error: unknown): unknown {
  if (!(error instanceof S3Error) || error.code !== 'NoSuchKey' || !HIDING.has(operation.name)) return error
  const words = call.request.denied?.({
    client: 's3',
    operation: 'ListObjectsV2',
    input: { Bucket: call.bucket },
    why: `There is no object ${call.key} in the bucket, and S3 says so only to those who may list it.`,
  })
  return words === undefined ? error : new S3Error('AccessDenied', {}, words)
}
