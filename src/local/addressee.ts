// Which service a request on the AWS port is for, as AWS's own clients tell them apart.
import type { WireRequest } from './service.ts'
import { isAwsName, serviceOfName } from './wall-names.ts'

const TARGETS: Readonly<Record<string, string>> = {
  AmazonSQS: 'sqs',
  AWSEvents: 'events',
  DynamoDB_20120810: 'dynamodb',
  DynamoDBStreams_20120810: 'dynamodb',
  AmazonSSM: 'ssm',
  Logs_20140328: 'logs',
  Kinesis_20131202: 'kinesis',
}

// What nobody signed is refused there: an object of that name must be asked for with a signature.
const CONNECTIONS = /^(?:\/[^/]+){0,2}\/(?:@|%40)connections\/[^/]+\/?$/i

/**
 * Which service a request is for: by its target, its signature's scope, its path; what is none of these is S3's. Undefined:
 * it is a form that nobody signed, and `serviceInForm` can tell.
 */
export function serviceOf({
  path,
  query,
  headers,
}: Pick<WireRequest, 'path' | 'query' | 'headers'>): string | undefined {
  if (path.startsWith('/_goblet/')) return 'goblet'
  const target = headers['x-amz-target']?.split('.')[0]
  if (target !== undefined) return TARGETS[target] ?? target
  const scope = /Credential=[^/,\s]+\/\d{8}\/[^/]+\/([a-z0-9-]+)\/aws4_request/.exec(headers.authorization ?? '')?.[1]
  if (scope !== undefined) return scope
  const presigned = /(?:^|&)X-Amz-Credential=[^&]*?%2F\d{8}%2F[^&]*?%2F([a-z0-9-]+)%2Faws4_request/i.exec(query)?.[1]
  if (presigned !== undefined) return presigned
  if (isAwsName(headers.host ?? '')) return serviceOfName(headers.host ?? '')
  if (path.startsWith('/2015-03-31/functions')) return 'lambda'
  if (path.startsWith('/_aws/execute-api/') || CONNECTIONS.test(path)) return 'execute-api'
  if (path === '/') {
    const named = serviceIn(query)
    if (named !== undefined) return named
    // The links in a topic's messages.
    if (/(?:^|&)(?:TopicArn|SubscriptionArn)=/.test(query)) return 'sns'
  }
  return headers['content-type']?.startsWith('application/x-www-form-urlencoded') === true ? undefined : 's3'
}

/** Of the services with forms, the versions of their models. */
const VERSIONS: Readonly<Record<string, string>> = {
  '2010-03-31': 'sns',
  '2010-05-08': 'iam',
  '2010-05-15': 'cloudformation',
  '2011-06-15': 'sts',
  '2012-11-05': 'sqs',
}

/** The service whose model's version a form names, or whose action, where that is STS's: it is called by those who have no key yet. */
function serviceIn(form: string): string | undefined {
  const [, version = ''] = /(?:^|&)Version=([\d-]+)/.exec(form) ?? []
  if (Object.hasOwn(VERSIONS, version)) return VERSIONS[version]
  const isSts = /(?:^|&)Action=(?:AssumeRole\w*|GetCallerIdentity|GetSessionToken|GetFederationToken)(?:&|$)/.test(form)
  return isSts ? 'sts' : undefined
}

/** Which service an unsigned form is for, by how its body begins; what says nothing is SQS's. The body is left whole. */
export async function serviceInForm({ headers, body }: Pick<WireRequest, 'headers' | 'body'>): Promise<string> {
  // Who looks into what holds nothing has ended it.
  const { 'content-length': length = '0', 'transfer-encoding': encoding } = headers
  if (length === '0' && encoding === undefined) return 'sqs'
  await new Promise<void>((resolve) => {
    for (const event of ['readable', 'end', 'error', 'close']) body.once(event, resolve)
  })
  const first: unknown = body.read()
  if (!(first instanceof Uint8Array)) return 'sqs'
  body.unshift(first)
  return serviceIn(Buffer.from(first.subarray(0, LOOKED_AT)).toString('latin1')) ?? 'sqs'
}

// Clients say it first.
const LOOKED_AT = 4096
