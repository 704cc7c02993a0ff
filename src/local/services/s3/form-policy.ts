// The policy a form carries: who signed it, until when it is good, what it lets the form say.
// docs.aws.amazon.com/AmazonS3/latest/API/sigv4-HTTPPOSTConstructPolicy.html
import { createHmac, timingSafeEqual } from 'node:crypto'
import { LOCAL_CREDENTIALS } from '../../service.ts'
import { badArgument, S3Error } from './errors.ts'
import type { Form } from './forms.ts'

type Fields = Form['fields']

/** How large the file may be. */
export interface Sizes {
  readonly least: number
  readonly most: number
}

/** Throws what S3 answers to a form that nobody signed, or that says what its policy does not allow. */
export function checkForm(fields: Fields, bucket: string, now: number): Sizes {
  const policy = fields.get('policy')?.value
  // S3 takes unsigned forms into public buckets only, and there are none here.
  if (policy === undefined) throw new S3Error('AccessDenied')
  checkSignature(fields, policy)
  const { expiration, conditions } = readPolicy(policy)
  if (expiration <= now) throw denied('Policy expired.')
  return checkConditions(fields, conditions, bucket)
}

function checkSignature(fields: Fields, policy: string): void {
  const need = (name: string): string => {
    const value = fields.get(name.toLowerCase())?.value
    const words = `Bucket POST must contain a field named '${name}'.  If it is specified, please check the order of the fields.`
    if (value === undefined) throw badArgument(name, '', words)
    return value
  }
  // boto3 signs forms with Signature Version 2 in us-east-1.
  const isVersion2 = fields.has('awsaccesskeyid') || fields.has('signature')
  if (isVersion2) {
    const key = need('AWSAccessKeyId')
    const given = need('Signature')
    const made = createHmac('sha1', LOCAL_CREDENTIALS.secretAccessKey).update(policy).digest('base64')
    compare(key, given, made, policy)
    return
  }
  if (need('X-Amz-Algorithm') !== 'AWS4-HMAC-SHA256')
    throw badArgument('X-Amz-Algorithm', need('X-Amz-Algorithm'), 'X-Amz-Algorithm only supports "AWS4-HMAC-SHA256"')
  const credential = need('X-Amz-Credential')
  const [key = '', day, region, service, end] = credential.split('/')
  if (!day || !region || service !== 's3' || end !== 'aws4_request')
    throw badArgument('X-Amz-Credential', credential, 'the Credential is mal-formed')
  if (!/^\d{8}T\d{6}Z$/.test(need('X-Amz-Date')))
    throw badArgument(
      'X-Amz-Date',
      need('X-Amz-Date'),
      "X-Amz-Date must be in the ISO8601 Long Format \"yyyyMMdd'T'HHmmss'Z'\"",
    )
  const start = createHmac('sha256', `AWS4${LOCAL_CREDENTIALS.secretAccessKey}`).update(day).digest()
  const signing = [region, service, end].reduce((last, part) => createHmac('sha256', last).update(part).digest(), start)
  compare(key, need('X-Amz-Signature'), createHmac('sha256', signing).update(policy).digest('hex'), policy)
}

// As everywhere, only the local key's signatures can be checked; those of others pass.
function compare(key: string, given: string, made: string, policy: string): void {
  if (key !== LOCAL_CREDENTIALS.accessKeyId) return
  const [left, right] = [Buffer.from(given), Buffer.from(made)]
  if (left.length === right.length && timingSafeEqual(left, right)) return
  throw new S3Error('SignatureDoesNotMatch', {
    AWSAccessKeyId: key,
    StringToSign: policy,
    SignatureProvided: given,
  })
}

interface Policy {
  readonly expiration: number
  readonly conditions: readonly unknown[]
}

function readPolicy(policy: string): Policy {
  const invalid = (words: string): S3Error => new S3Error('InvalidPolicyDocument', {}, `Invalid Policy: ${words}`)
  let read: unknown
  try {
    read = JSON.parse(Buffer.from(policy, 'base64').toString('utf8'))
  } catch {
    throw invalid('Invalid JSON.')
  }
  if (typeof read !== 'object' || read === null || Array.isArray(read)) throw invalid('Invalid JSON.')
  const { expiration, conditions } = read as { expiration?: unknown; conditions?: unknown }
  if (expiration === undefined) throw invalid('Policy missing expiration.')
  if (!Array.isArray(conditions)) throw invalid('Policy missing conditions.')
  const time = typeof expiration === 'string' && /T.*Z$/.test(expiration) ? Date.parse(expiration) : Number.NaN
  if (Number.isNaN(time)) throw invalid(`Invalid 'expiration' value: '${String(expiration)}'`)
  return { expiration: time, conditions }
}

const denied = (words: string): S3Error => new S3Error('AccessDenied', {}, `Invalid according to Policy: ${words}`)

function checkConditions(fields: Fields, conditions: readonly unknown[], bucket: string): Sizes {
  const named = new Set<string>()
  let sizes: Sizes = { least: 0, most: Number.POSITIVE_INFINITY }
  for (const condition of conditions) {
    const [kind, second, third] = toTriple(condition)
    if (kind === 'content-length-range') {
      const [least, most] = [Number(second), Number(third)]
      if (!Number.isSafeInteger(least) || !Number.isSafeInteger(most)) throw failed(condition)
      sizes = { least: Math.max(sizes.least, least), most: Math.min(sizes.most, most) }
      continue
    }
    const name = String(second).replace(/^\$/, '').toLowerCase()
    named.add(name)
    const value = name === 'bucket' ? bucket : fields.get(name)?.value
    const wanted = String(third)
    const holds = kind === 'eq' ? value === wanted : kind === 'starts-with' && startsWith(name, value ?? '', wanted)
    if (!holds) throw failed(condition)
  }
  const extra = [...fields.keys()].filter(
    (name) => !named.has(name) && !FREE.has(name) && !name.startsWith('x-ignore-'),
  )
  if (extra.length > 0) throw denied(`Extra input fields: ${extra.join(', ')}`)
  return sizes
}

// A list of content types has to begin so, each of them.
function startsWith(name: string, value: string, start: string): boolean {
  const values = name === 'content-type' ? value.split(',') : [value]
  return values.every((one) => one.startsWith(start))
}

const FREE = new Set(['x-amz-signature', 'policy', 'file', 'bucket', 'signature', 'awsaccesskeyid', 'submit'])

function toTriple(condition: unknown): [unknown, unknown, unknown] {
  if (Array.isArray(condition) && condition.length === 3)
    return [String(condition[0]).toLowerCase(), condition[1], condition[2]]
  const entries = typeof condition === 'object' && condition !== null ? Object.entries(condition) : []
  const [only] = entries
  if (only === undefined || entries.length > 1 || Array.isArray(condition))
    throw new S3Error(
      'InvalidPolicyDocument',
      {},
      'Invalid Policy: Invalid Simple-Condition: Simple-Conditions must have exactly one property specified.',
    )
  return ['eq', only[0], only[1]]
}

const failed = (condition: unknown): S3Error =>
  denied(`Policy Condition failed: ${Array.isArray(condition) ? show(condition) : show(['eq', ...toNamed(condition)])}`)
const show = (parts: readonly unknown[]): string => `[${parts.map((part) => JSON.stringify(part)).join(', ')}]`
const toNamed = (condition: unknown): unknown[] =>
  Object.entries(Object(condition)).flatMap(([name, value]) => [`$${name}`, value])
