// The AWS clients that deploy calls by, loaded when they are first needed: they are optional, and most commands need none.
import type { CloudFormation } from '@aws-sdk/client-cloudformation'
import type { CloudWatch } from '@aws-sdk/client-cloudwatch'
import type { CloudWatchLogs } from '@aws-sdk/client-cloudwatch-logs'
import type { Lambda } from '@aws-sdk/client-lambda'
import type { S3 } from '@aws-sdk/client-s3'
import type { STS } from '@aws-sdk/client-sts'
import { problem } from '../errors.ts'
import { type Call, openWatch } from './watch.ts'

export interface ClientOptions {
  /** Otherwise from the environment or the profile. */
  readonly region?: string | undefined
  readonly profile?: string | undefined
  /** Of an AWS-compatible cloud; otherwise AWS's own. */
  readonly endpoint?: string | undefined
  /** For calls that are done twice when they are tried twice, and that may take long: invoking a function. */
  readonly once?: boolean | undefined
}

export interface Clients {
  readonly region: string
  readonly endpoint: string | undefined
  /** As people know it: `default` where none is named. */
  readonly profile: string
  readonly cloudformation: CloudFormation
  readonly lambda: Lambda
  readonly s3: S3
  readonly sts: STS
  cloudwatch(): Promise<CloudWatch>
  logs(): Promise<CloudWatchLogs>
  /** Every call so far, in order; one that was tried again counts once. */
  readonly calls: readonly Call[]
  /** AWS's time, in milliseconds since 1970. */
  now(): number
  /** How far this machine's clock is behind AWS's, in milliseconds; undefined before the first answer. */
  skew(): number | undefined
  close(): void
}

/** Every call is tried this often, with growing pauses, before it has failed: enough to sit out a minute of throttling. */
export const ATTEMPTS = 10

const SILENCE = 60_000
/** Lambda quotas: a function runs for 15 minutes at most, without a word before it ends. */
const LONGEST = 16 * 60_000

export const CLIENT_PACKAGES = [
  '@aws-sdk/client-cloudformation',
  '@aws-sdk/client-cloudwatch',
  '@aws-sdk/client-cloudwatch-logs',
  '@aws-sdk/client-lambda',
  '@aws-sdk/client-s3',
  '@aws-sdk/client-sts',
] as const

/** Throws GOBLET_NO_CLIENT, GOBLET_NO_REGION, GOBLET_USAGE. No call is made. */
export async function openClients(options: ClientOptions = {}): Promise<Clients> {
  const { profile, region: given } = options
  const endpoint = checkEndpoint(options.endpoint ?? process.env.AWS_ENDPOINT_URL)
  const who = profile ?? process.env.AWS_PROFILE ?? 'default'
  const watch = openWatch(who)
  const [{ CloudFormation }, { Lambda }, { S3 }, { STS }] = await load(() =>
    Promise.all([
      import('@aws-sdk/client-cloudformation'),
      import('@aws-sdk/client-lambda'),
      import('@aws-sdk/client-s3'),
      import('@aws-sdk/client-sts'),
    ]),
  )
  const base = {
    ...(given === undefined ? {} : { region: given }),
    ...(profile === undefined ? {} : { profile }),
    ...(endpoint === undefined ? {} : { endpoint }),
    maxAttempts: options.once === true ? 1 : ATTEMPTS,
    // Without these a connection that nobody answers is waited for without end. An upload may take as long as it moves.
    requestHandler: { connectionTimeout: 10_000, socketTimeout: options.once === true ? LONGEST : SILENCE },
  }
  const sts = new STS(base)
  const region = await sts.config.region().catch(() => {
    throw problem('GOBLET_NO_REGION', {})
  })
  const shared = { ...base, region, credentials: sts.config.credentials }
  const cloudformation = new CloudFormation(shared)
  const lambda = new Lambda(shared)
  // Another cloud has no host name for every bucket.
  const s3 = new S3({ ...shared, forcePathStyle: endpoint !== undefined })
  sts.middlewareStack.add(watch.over('STS'))
  cloudformation.middlewareStack.add(watch.over('CloudFormation'))
  lambda.middlewareStack.add(watch.over('Lambda'))
  s3.middlewareStack.add(watch.over('S3'))
  const closed: { destroy(): void }[] = [sts, cloudformation, lambda, s3]
  const cloudwatch = once(async () => {
    const { CloudWatch } = await load(() => import('@aws-sdk/client-cloudwatch'))
    const client = new CloudWatch(shared)
    client.middlewareStack.add(watch.over('CloudWatch'))
    closed.push(client)
    return client
  })
  const logs = once(async () => {
    const { CloudWatchLogs } = await load(() => import('@aws-sdk/client-cloudwatch-logs'))
    const client = new CloudWatchLogs(shared)
    client.middlewareStack.add(watch.over('CloudWatchLogs'))
    closed.push(client)
    return client
  })
  const close = () => {
    for (const client of closed) client.destroy()
  }
  const { calls, now, skew } = watch
  return { region, endpoint, profile: who, cloudformation, lambda, s3, sts, cloudwatch, logs, calls, now, skew, close }
}

function checkEndpoint(endpoint: string | undefined): string | undefined {
  // Set, but empty, is how a shell takes a variable back.
  if (endpoint === undefined || endpoint === '') return undefined
  if (/^https?:/.test(endpoint) && URL.canParse(endpoint)) return endpoint
  throw problem('GOBLET_USAGE', {
    problem: `The endpoint ${endpoint} is no URL.`,
    mend: 'Write all of it: --endpoint-url http://127.0.0.1:4566, or AWS_ENDPOINT_URL.',
  })
}

function once<Made>(make: () => Promise<Made>): () => Promise<Made> {
  let made: Promise<Made> | undefined
  return () => {
    made ??= make()
    return made
  }
}

async function load<Modules>(open: () => Promise<Modules>): Promise<Modules> {
  try {
    return await open()
  } catch (error) {
    const isMissing = error instanceof Error && 'code' in error && error.code === 'ERR_MODULE_NOT_FOUND'
    if (!isMissing) throw error
    throw problem('GOBLET_NO_CLIENT', { packages: CLIENT_PACKAGES.join(' ') })
  }
}
