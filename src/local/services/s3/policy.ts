// Bucket policies: whether S3 would take one, and whether it opens the bucket to everybody. Nothing here is enforced by them.
import { S3Error } from './errors.ts'

const malformed = (words: string): S3Error => new S3Error('MalformedPolicy', {}, words)

/** Throws MalformedPolicy, in S3's words. */
export function checkPolicy(text: string, bucket: string): void {
  const statements = readStatements(text)
  if (statements.length === 0) throw malformed('Missing required field Statement')
  for (const { Effect, Principal, NotPrincipal, Action, NotAction, Resource, NotResource } of statements) {
    if (Effect !== 'Allow' && Effect !== 'Deny') throw malformed('Invalid effect')
    if (Principal === undefined && NotPrincipal === undefined) throw malformed('Missing required field Principal')
    if (Action === undefined && NotAction === undefined) throw malformed('Missing required field Action')
    const resources = toList(Resource ?? NotResource)
    if (resources.length === 0) throw malformed('Missing required field Resource')
    const arn = `arn:aws:s3:::${bucket}`
    if (!resources.every((one) => one === arn || one.startsWith(`${arn}/`) || one === '*'))
      throw malformed('Policy has invalid resource')
  }
}

/**
 * Whether a policy lets everybody in: an `Allow` for `*` without a condition that fixes who.
 * docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html#access-control-block-public-access-policy-status
 */
export function isPublic(text: string): boolean {
  return readStatements(text).some(({ Effect, Principal, NotPrincipal, Condition }) => {
    if (Effect !== 'Allow') return false
    const isOpen =
      NotPrincipal !== undefined || Principal === '*' || (isObject(Principal) && toList(Principal.AWS).includes('*'))
    return isOpen && !fixes(Condition)
  })
}

const FIXING =
  /^aws:(?:SourceIp|SourceArn|SourceVpc|SourceVpce|SourceOwner|SourceAccount|userid|PrincipalOrgID|PrincipalArn|PrincipalAccount)$/i

function fixes(condition: unknown): boolean {
  if (!isObject(condition)) return false
  return Object.values(condition).some((one) => isObject(one) && Object.keys(one).some((key) => FIXING.test(key)))
}

type Statement = Readonly<Record<string, unknown>>

function readStatements(text: string): Statement[] {
  let policy: unknown
  try {
    policy = JSON.parse(text)
  } catch {
    throw new S3Error('MalformedPolicy')
  }
  if (!isObject(policy)) throw new S3Error('MalformedPolicy')
  const { Version, Statement } = policy
  if (Version !== undefined && Version !== '2012-10-17' && Version !== '2008-10-17')
    throw malformed('The policy must contain a valid version string')
  const list: unknown[] = Array.isArray(Statement) ? Statement : Statement === undefined ? [] : [Statement]
  return list.map((one) => {
    if (!isObject(one)) throw malformed('Statement must be an object')
    return one
  })
}

const isObject = (value: unknown): value is Statement =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const toList = (value: unknown): string[] =>
  (Array.isArray(value) ? value : [value]).filter((one): one is string => typeof one === 'string')
