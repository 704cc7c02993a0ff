// Routes with iam(): the request must be signed with the local credentials. An API's service is `execute-api`, a function URL's `lambda`.
import { createHash, createHmac } from 'node:crypto'
import { type Digest, isSigned, readSignature, type Signable, type Signature, verify } from '../../../aws/signer.ts'
import { ACCOUNT, LOCAL_CREDENTIALS, REGION } from '../../service.ts'
import { type Allowed, type Door, type Refused, unsigned, type Verdict } from './answers.ts'
import { type Asked, toHeaders } from './asked.ts'

const digest: Digest = {
  sha256: (data) => createHash('sha256').update(data).digest('hex'),
  hmac: (key, data) => createHmac('sha256', key).update(data).digest(),
}

const SIGNED_BY = {
  accessKey: LOCAL_CREDENTIALS.accessKeyId,
  accountId: ACCOUNT,
  callerId: LOCAL_CREDENTIALS.accessKeyId,
  cognitoIdentity: null,
  principalOrgId: null,
  userArn: `arn:aws:iam::${ACCOUNT}:user/${LOCAL_CREDENTIALS.accessKeyId}`,
  userId: LOCAL_CREDENTIALS.accessKeyId,
} as const

/** Checks who signed a request, and that it is as it was signed. */
export function checkSignature(door: Door, asked: Asked, now: number): Verdict {
  const { method, signedPath: path, query, body } = asked
  const request: Signable = { method, path, query, headers: toHeaders(asked) }
  if (!isSigned(request)) return unsigned(door, 'MissingAuthenticationTokenException', 'Missing Authentication Token')
  const signature = readSignature(request)
  if (signature === undefined) return unsigned(door, 'IncompleteSignatureException', incomplete(request))
  const stranger = scopeProblem(door, signature)
  if (stranger !== undefined) return stranger
  const payloadHash = digest.sha256(body ?? '')
  const claimed = request.headers['x-amz-content-sha256']
  // The signature covers the hash that the header claims, so a body that is not the one hashed must not pass.
  if (claimed !== undefined && claimed !== payloadHash) return mismatch(door)
  const { secretAccessKey } = LOCAL_CREDENTIALS
  const verdict = verify(request, { secretAccessKey, digest, now, payloadHash })
  if (verdict === 'ok') return toAllowed(door)
  if (verdict === 'malformed') return unsigned(door, 'IncompleteSignatureException', incomplete(request))
  if (verdict === 'expired' || verdict === 'skewed') return late(door, signature, now)
  return mismatch(door)
}

function scopeProblem(door: Door, { accessKeyId, service, region }: Signature): Refused | undefined {
  const expected = door === 'url' ? 'lambda' : 'execute-api'
  if (accessKeyId !== LOCAL_CREDENTIALS.accessKeyId)
    return unsigned(door, 'UnrecognizedClientException', 'The security token included in the request is invalid.')
  if (service !== expected)
    return unsigned(
      door,
      'InvalidSignatureException',
      `Credential should be scoped to correct service: '${expected}'. `,
    )
  if (region !== REGION)
    return unsigned(
      door,
      'InvalidSignatureException',
      `Credential should be scoped to a valid region, not '${region}'. `,
    )
  return undefined
}

// Source: recorded answers of AWS to incomplete Authorization headers.
function incomplete({ headers }: Signable): string {
  const { authorization = '' } = headers
  const missing = ['Credential', 'Signature', 'SignedHeaders']
    .filter((part) => !authorization.includes(`${part}=`))
    .map((part) => `Authorization header requires '${part}' parameter. `)
  const date =
    headers['x-amz-date'] === undefined && headers.date === undefined
      ? "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header. "
      : ''
  return `${missing.join('')}${date}Authorization=${authorization}`
}

const mismatch = (door: Door): Refused =>
  unsigned(
    door,
    'InvalidSignatureException',
    'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.',
  )

const toStamp = (time: number): string => new Date(time).toISOString().replace(/[-:]|\.\d+/g, '')

function late(door: Door, { stamp, date }: Signature, now: number): Refused {
  const window = 5 * 60_000
  const message =
    date > now
      ? `Signature not yet current: ${stamp} is still later than ${toStamp(now + window)} (${toStamp(now)} + 5 min.)`
      : `Signature expired: ${stamp} is now earlier than ${toStamp(now - window)} (${toStamp(now)} - 5 min.)`
  return unsigned(door, 'InvalidSignatureException', message)
}

function toAllowed(door: Door): Allowed {
  if (door === 'http' || door === 'url') return { passed: true, authorizer: { iam: SIGNED_BY }, identity: undefined }
  const { accessKey, accountId, callerId: caller, userId: user, userArn } = SIGNED_BY
  return { passed: true, authorizer: undefined, identity: { accessKey, accountId, caller, user, userArn } }
}
