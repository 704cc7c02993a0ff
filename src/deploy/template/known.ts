// What a template needs to know of things that are there already: the streams of tables, and the hosted zones of domains.
import { createHash, createHmac } from 'node:crypto'
import { sign } from '../../aws/signer.ts'
import { problem } from '../../errors.ts'
import { type Model, partitionOf } from '../../model/index.ts'
import type { Clients } from '../calls/clients.ts'
import type { Known } from './making.ts'

/** Asks only for what the app names. */
export async function knownOf(clients: Clients, model: Model): Promise<Known> {
  const [tableStreams, hostedZones] = await Promise.all([streamsOf(clients, model), zonesOf(clients, model)])
  return { tableStreams, hostedZones }
}

async function streamsOf(clients: Clients, { triggers, resources }: Model): Promise<Map<string, string>> {
  const read = new Set(triggers.flatMap((one) => (one.kind === 'table' ? [one.table] : [])))
  const tables = resources.filter((one) => one.kind === 'table' && one.existing && read.has(one.name))
  const found = await Promise.all(
    tables.map(async ({ name, physicalName }) => {
      const answer = await call(clients, {
        service: 'dynamodb',
        method: 'POST',
        path: '/',
        query: '',
        headers: { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': 'DynamoDB_20120810.DescribeTable' },
        body: JSON.stringify({ TableName: physicalName }),
      })
      const arn = /"LatestStreamArn"\s*:\s*"([^"]+)"/.exec(answer)?.[1]
      return arn === undefined ? [] : [[name, arn] as const]
    }),
  )
  return new Map(found.flat())
}

async function zonesOf(clients: Clients, { api, resources }: Model): Promise<Map<string, string>> {
  const sockets = resources.flatMap((one) => (one.kind === 'websocket' && !one.existing ? [one.domain] : []))
  const found = await Promise.all(
    [api.domain, ...sockets].map(async (domain) => {
      if (domain === undefined || domain.zone === false) return []
      const { name, zone } = domain
      if (zone !== undefined && !zone.includes('.')) return [[name, zone] as const]
      // The nearest zone that the name lies in: a.b.example.com may be in b.example.com or in example.com.
      const labels = name.split('.')
      const candidates =
        zone === undefined ? labels.slice(0, -1).map((_, index) => labels.slice(index).join('.')) : [zone]
      for (const candidate of candidates) {
        const id = await zoneOf(clients, candidate)
        if (id !== undefined) return [[name, id] as const]
      }
      throw problem('GOBLET_NO_ZONE', { name })
    }),
  )
  return new Map(found.flat())
}

/** Route 53's ListHostedZonesByName: the first that is not before the name in its order. Private zones answer nobody outside. */
async function zoneOf(clients: Clients, name: string): Promise<string | undefined> {
  const answer = await call(clients, {
    service: 'route53',
    method: 'GET',
    path: '/2013-04-01/hostedzonesbyname',
    query: `dnsname=${encodeURIComponent(`${name}.`)}&maxitems=10`,
    headers: {},
    body: '',
  })
  const zones = [...answer.matchAll(/<HostedZone>(.*?)<\/HostedZone>/gs)].map(([, zone = '']) => zone)
  const own = zones.find((zone) => zone.includes(`<Name>${name}.</Name>`) && !zone.includes('<PrivateZone>true<'))
  return /<Id>\/hostedzone\/([A-Z0-9]+)<\/Id>/.exec(own ?? '')?.[1]
}

interface Asked {
  readonly service: 'dynamodb' | 'route53'
  readonly method: string
  readonly path: string
  readonly query: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** One signed call; a client of its own for each of these services would be two more packages to install. */
async function call(clients: Clients, { service, method, path, query, headers, body }: Asked): Promise<string> {
  const base = await baseOf(clients, service)
  const request = { method, path, query, headers: { host: base.host, ...headers } }
  const signed = sign(
    request,
    {
      credentials: await clients.sts.config.credentials(),
      region: service === 'route53' ? zoneRegion(clients.region) : clients.region,
      service,
      date: clients.now(),
      digest: {
        sha256: (data) => createHash('sha256').update(data).digest('hex'),
        hmac: (key, data) => createHmac('sha256', key).update(data).digest(),
      },
    },
    body,
  )
  const { host: _, ...sent } = signed
  const answer = await fetch(`${base.origin}${path}${query === '' ? '' : `?${query}`}`, {
    method,
    headers: sent,
    ...(body === '' ? {} : { body }),
    signal: AbortSignal.timeout(30_000),
  })
  const text = await answer.text()
  if (answer.ok) return text
  const operation = service === 'dynamodb' ? 'DynamoDB.DescribeTable' : 'Route53.ListHostedZonesByName'
  const said = /(?:"[mM]essage"\s*:\s*"|<Message>)([^"<]+)/.exec(text)?.[1] ?? `HTTP ${answer.status}`
  throw problem(answer.status === 403 ? 'GOBLET_DEPLOY_DENIED' : 'GOBLET_DEPLOY_CALL', { operation, problem: said })
}

/** Where the SDK finds Lambda, with the other service's name in its place: so the partition's own domain is right. */
async function baseOf({ endpoint, region, lambda }: Clients, service: Asked['service']): Promise<URL> {
  if (endpoint !== undefined) return new URL(endpoint)
  const { url } = lambda.config.endpointProvider({ Region: region, UseFIPS: false, UseDualStack: false })
  const domain = url.hostname.replace(`lambda.${region}.`, '')
  if (service === 'dynamodb') return new URL(`https://dynamodb.${region}.${domain}`)
  const isGov = partitionOf(region) === 'aws-us-gov'
  return new URL(`https://route53.${isGov ? 'us-gov.' : ''}${domain}`)
}

// Source: "Amazon Route 53 endpoints and quotas": it has one region for each partition.
const ZONE_REGIONS: Readonly<Record<string, string>> = {
  aws: 'us-east-1',
  'aws-cn': 'cn-northwest-1',
  'aws-us-gov': 'us-gov-west-1',
}
const zoneRegion = (region: string): string => ZONE_REGIONS[partitionOf(region)] ?? 'us-east-1'
