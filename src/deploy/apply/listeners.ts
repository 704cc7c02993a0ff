// Buckets that the app does not make tell its functions of changes: CloudFormation has no word for that, so deploy puts it there.
import type { Event, LambdaFunctionConfiguration, NotificationConfiguration } from '@aws-sdk/client-s3'
import type { Clients } from '../calls/clients.ts'
import { isRefused } from '../calls/refused.ts'
import type { BucketListener, Deployment } from '../deployment.ts'
import { isSame } from '../plan/diff.ts'
import type { TemplateResource } from '../template.ts'

type Wanted = Pick<Deployment, 'stack' | 'listeners'>

/** What is put into each bucket, where something differs: of this app's listeners only, everything else as it is. */
export async function pendingListeners(
  clients: Clients,
  { stack, listeners }: Wanted,
  former: readonly string[] = [],
): Promise<Map<string, NotificationConfiguration>> {
  const buckets = [...new Set([...listeners.map(({ bucket }) => bucket), ...former])]
  const pending = new Map<string, NotificationConfiguration>()
  for (const bucket of buckets) {
    const found = await readListeners(clients, bucket)
    if (found === undefined) continue
    const theirs = (found.LambdaFunctionConfigurations ?? []).filter(({ Id }) => !isOurs(Id, stack))
    const ours = (found.LambdaFunctionConfigurations ?? []).filter(({ Id }) => isOurs(Id, stack))
    const wanted = listeners.filter((one) => one.bucket === bucket).map(toConfiguration)
    if (isSame(ours.map(told).sort(), wanted.map(told).sort())) continue
    pending.set(bucket, { ...found, LambdaFunctionConfigurations: [...theirs, ...wanted] })
  }
  return pending
}

/** The buckets of others that a stack lets invoke functions: where listeners may have been put before. */
export function formerBuckets(all: readonly TemplateResource[]): string[] {
  const own = new Set(all.filter(({ Type }) => Type === 'AWS::S3::Bucket').map((one) => one.Properties?.BucketName))
  const told = all.flatMap(({ Type, Properties: { Principal, SourceArn } = {} }) => {
    if (Type !== 'AWS::Lambda::Permission' || Principal !== 's3.amazonaws.com' || typeof SourceArn !== 'string')
      return []
    return [SourceArn.split(':').at(-1) ?? '']
  })
  return [...new Set(told)].filter((bucket) => !own.has(bucket))
}

export async function putListeners(
  { s3 }: Clients,
  pending: ReadonlyMap<string, NotificationConfiguration>,
  check: () => void,
): Promise<void> {
  for (const [Bucket, NotificationConfiguration] of pending) {
    check()
    await s3.putBucketNotificationConfiguration({ Bucket, NotificationConfiguration })
  }
}

const isOurs = (id: string | undefined, stack: string): boolean => id?.startsWith(`goblet-${stack}.`) === true

async function readListeners({ s3 }: Clients, bucket: string): Promise<NotificationConfiguration | undefined> {
  try {
    const { $metadata: _, ...found } = await s3.getBucketNotificationConfiguration({ Bucket: bucket })
    return found
  } catch (error) {
    if (isRefused(error, 'NoSuchBucket')) return undefined
    throw error
  }
}

function toConfiguration({ id, function: arn, events, prefix, suffix }: BucketListener): LambdaFunctionConfiguration {
  const rules = [
    ...(prefix === '' ? [] : [{ Name: 'prefix' as const, Value: prefix }]),
    ...(suffix === '' ? [] : [{ Name: 'suffix' as const, Value: suffix }]),
  ]
  return {
    Id: id,
    LambdaFunctionArn: arn,
    Events: events.filter(isEvent),
    ...(rules.length === 0 ? {} : { Filter: { Key: { FilterRules: rules } } }),
  }
}

// The model has checked them.
const isEvent = (event: string): event is Event => event.startsWith('s3:')

const told = ({ Id, LambdaFunctionArn, Events = [], Filter }: LambdaFunctionConfiguration): string =>
  JSON.stringify([
    Id,
    LambdaFunctionArn,
    [...Events].sort(),
    (Filter?.Key?.FilterRules ?? []).map(({ Name, Value }) => `${Name?.toLowerCase()}=${Value}`).sort(),
  ])
