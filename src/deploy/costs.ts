// What of a plan costs money while nobody uses it, as an estimate: only what has a price of its own by the hour or the month.
import type { Difference } from './diff.ts'
import type { Properties, Template, TemplateResource } from './template.ts'

/** One resource's standing price. */
export interface Cost {
  /** The logical id. */
  readonly id: string
  readonly name: string | undefined
  /** `5 read and 5 write capacity units`. */
  readonly what: string
  /** US dollars a month. Negative: what ends. */
  readonly month: number
}

export interface CostNote {
  readonly costs: readonly Cost[]
  /** Together, rounded to cents. */
  readonly month: number
  readonly notice: string
}

/**
 * US dollars in us-east-1, as the public pricing pages of DynamoDB, Kinesis Data Streams, Secrets Manager, CloudWatch, KMS, Route 53,
 * Systems Manager, Lambda and VPC had them in 2025. They are written down here, and asked of nobody.
 */
const PRICES = {
  date: '2025',
  region: 'us-east-1',
  readUnitHour: 0.00013,
  writeUnitHour: 0.00065,
  shardHour: 0.015,
  onDemandStreamHour: 0.04,
  /** More than 24 hours, up to 7 days, by shard. */
  extendedRetentionShardHour: 0.02,
  secretMonth: 0.4,
  alarmMonth: 0.1,
  keyMonth: 1,
  natGatewayHour: 0.045,
  advancedParameterMonth: 0.05,
  hostedZoneMonth: 0.5,
  /** By GB of memory, arm64 and x86_64. */
  provisionedGbSecond: { arm64: 0.0000033334, x86_64: 0.0000041667 },
} as const

/** Hours that AWS counts for a month. */
const HOURS = 730

const NOTICE = `An estimate by AWS's public prices of ${PRICES.date} in ${PRICES.region}; the free tier, requests, traffic and storage are not counted. Everything else is paid by use.`

interface Priced {
  readonly what: string
  readonly month: number
}

type ToPrice = (properties: Properties, resource: TemplateResource, template: Template) => Priced | undefined

const PRICED: Readonly<Record<string, ToPrice>> = {
  'AWS::DynamoDB::Table': toTablePrice,
  'AWS::Kinesis::Stream': toStreamPrice,
  'AWS::SecretsManager::Secret': () => ({ what: 'a secret', month: PRICES.secretMonth }),
  'AWS::CloudWatch::Alarm': () => ({ what: 'an alarm', month: PRICES.alarmMonth }),
  'AWS::KMS::Key': () => ({ what: 'a key', month: PRICES.keyMonth }),
  'AWS::EC2::NatGateway': () => ({ what: 'a NAT gateway', month: PRICES.natGatewayHour * HOURS }),
  'AWS::Route53::HostedZone': () => ({ what: 'a hosted zone', month: PRICES.hostedZoneMonth }),
  'AWS::SSM::Parameter': ({ Tier }) =>
    Tier === 'Advanced' ? { what: 'an advanced parameter', month: PRICES.advancedParameterMonth } : undefined,
  'AWS::Lambda::Alias': toProvisionedPrice,
}

/** The standing price of what a difference adds, changes and removes. */
export function costOf(before: Template | undefined, after: Template, { resources }: Difference): CostNote {
  const costs = resources.flatMap(({ id, name, does }): Cost[] => {
    // What leaves the stack stays on AWS, and on the bill.
    if (does === 'leave' || does === 'refuse') return []
    const [old, now] = [priceOf(before, id), does === 'remove' ? undefined : priceOf(after, id)]
    const month = cents((now?.month ?? 0) - (old?.month ?? 0))
    const what = now?.what ?? old?.what
    return what === undefined || month === 0 ? [] : [{ id, name, what, month }]
  })
  return { costs, month: cents(costs.reduce((sum, { month }) => sum + month, 0)), notice: NOTICE }
}

function priceOf(template: Template | undefined, id: string): Priced | undefined {
  const resource = template?.Resources[id]
  if (template === undefined || resource === undefined) return undefined
  return PRICED[resource.Type]?.(resource.Properties ?? {}, resource, template)
}

const cents = (amount: number): number => Math.round(amount * 100) / 100

const countOf = (properties: unknown, name: string): number => {
  if (typeof properties !== 'object' || properties === null) return 0
  const value = Object.entries(properties).find(([one]) => one === name)?.[1]
  return typeof value === 'number' ? value : 0
}

function toTablePrice(properties: Properties): Priced | undefined {
  if (properties.BillingMode === 'PAY_PER_REQUEST') return undefined
  const { GlobalSecondaryIndexes: indexes } = properties
  const throughputs: unknown[] = [
    properties.ProvisionedThroughput,
    ...(Array.isArray(indexes) ? indexes.map((one) => Object(one).ProvisionedThroughput) : []),
  ]
  const reads = throughputs.reduce<number>((sum, one) => sum + countOf(one, 'ReadCapacityUnits'), 0)
  const writes = throughputs.reduce<number>((sum, one) => sum + countOf(one, 'WriteCapacityUnits'), 0)
  if (reads + writes === 0) return undefined
  const month = (reads * PRICES.readUnitHour + writes * PRICES.writeUnitHour) * HOURS
  return { what: `${reads} read and ${writes} write capacity units`, month }
}

function toStreamPrice(properties: Properties): Priced {
  const shards = countOf(properties, 'ShardCount')
  if (shards === 0) return { what: 'a stream on demand', month: PRICES.onDemandStreamHour * HOURS }
  const isExtended = countOf(properties, 'RetentionPeriodHours') > 24
  const hour = PRICES.shardHour + (isExtended ? PRICES.extendedRetentionShardHour : 0)
  return { what: `${shards} shard${shards === 1 ? '' : 's'}`, month: shards * hour * HOURS }
}

function toProvisionedPrice(
  { ProvisionedConcurrencyConfig, FunctionName }: Properties,
  _: unknown,
  template: Template,
) {
  const count = countOf(ProvisionedConcurrencyConfig, 'ProvisionedConcurrentExecutions')
  if (count === 0) return undefined
  const id: unknown = Object(FunctionName).Ref
  const { MemorySize, Architectures } = (typeof id === 'string' ? template.Resources[id]?.Properties : undefined) ?? {}
  const gigabytes = (typeof MemorySize === 'number' ? MemorySize : 128) / 1024
  const isArm = Array.isArray(Architectures) && Architectures.includes('arm64')
  const price = PRICES.provisionedGbSecond[isArm ? 'arm64' : 'x86_64']
  return { what: `${count} sandboxes kept warm`, month: count * gigabytes * price * HOURS * 3600 }
}
