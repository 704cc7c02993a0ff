// What a template needs to know of things that are there already, asked of another cloud: streams of tables, zones of domains.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { type Clients, openClients } from '../../src/deploy/calls/clients.ts'
import { knownOf } from '../../src/deploy/template/known.ts'
import { GobletError } from '../../src/errors.ts'
import { type Described, declared, modelOf } from '../support/declared.ts'
import { missing } from '../support/judge.ts'
import { type Running, startTarget } from '../support/peers.ts'

const skip = missing('ministack')

let cloud: Running
let clients: Clients

before(async () => {
  if (skip !== false) return
  cloud = await startTarget('ministack')
  Object.assign(process.env, { AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' })
  clients = await openClients({ region: 'us-east-1', endpoint: cloud.endpoint })
})

after(async () => {
  if (skip !== false) return
  clients.close()
  await cloud.stop()
})

const reads = (options: object = {}): Described[] => [
  declared.owns('table', 'their-orders', { existing: true, key: 'id', ...options }),
  declared.change('changed', 'their-orders'),
]

test('the stream of a table that is there', { skip }, async () => {
  const client = new DynamoDBClient({ endpoint: cloud.endpoint, region: 'us-east-1' })
  await client.send(
    new CreateTableCommand({
      TableName: 'their-orders',
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
      AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
      BillingMode: 'PAY_PER_REQUEST',
      StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_AND_OLD_IMAGES' },
    }),
  )
  client.destroy()
  const { tableStreams } = await knownOf(clients, modelOf(reads()))
  assert.match(tableStreams.get('their-orders') ?? '', /^arn:aws:dynamodb:us-east-1:\d+:table\/their-orders\/stream\/./)
  // One that nobody reads is not asked for.
  const [table] = reads()
  const alone = await knownOf(clients, modelOf(table === undefined ? [] : [table]))
  assert.equal(alone.tableStreams.size, 0)
})

test('a table that is not there is told by the call', { skip }, async () => {
  const model = modelOf([
    declared.owns('table', 'nowhere', { existing: true, key: 'id' }),
    declared.change('changed', 'nowhere'),
  ])
  await assert.rejects(knownOf(clients, model), (error) => {
    assert.ok(error instanceof GobletError)
    assert.match(error.message, /DynamoDB\.DescribeTable failed/)
    return true
  })
})

async function makeZone(name: string, isPrivate: boolean): Promise<void> {
  const config = `<HostedZoneConfig><PrivateZone>${isPrivate}</PrivateZone></HostedZoneConfig>`
  const vpc = isPrivate ? '<VPC><VPCRegion>us-east-1</VPCRegion><VPCId>vpc-1</VPCId></VPC>' : ''
  const answer = await fetch(`${cloud.endpoint}/2013-04-01/hostedzone`, {
    method: 'POST',
    headers: { authorization: 'AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/route53/aws4_request' },
    body: `<CreateHostedZoneRequest xmlns="https://route53.amazonaws.com/doc/2013-04-01/"><Name>${name}</Name><CallerReference>${name}${isPrivate}</CallerReference>${config}${vpc}</CreateHostedZoneRequest>`,
  })
  assert.equal(answer.status, 201, await answer.text())
}

test('the nearest public zone that a domain lies in', { skip }, async () => {
  for (const name of ['example.com', 'shop.example.com', 'other.org']) await makeZone(name, false)
  const zoneOf = async (domain: string): Promise<string | undefined> => {
    const model = modelOf([declared.route('index', 'GET /')], { options: { domain } })
    return (await knownOf(clients, model)).hostedZones.get(domain)
  }
  const [near, far] = [await zoneOf('api.shop.example.com'), await zoneOf('www.example.com')]
  assert.match(near ?? '', /^Z/)
  assert.match(far ?? '', /^Z/)
  assert.notEqual(near, far)
  assert.equal(await zoneOf('shop.example.com'), near)
  await assert.rejects(zoneOf('api.nowhere.net'), /GOBLET_NO_ZONE/)
})

test('nothing is asked for an app that names nothing', { skip }, async () => {
  const before = clients.calls.length
  const known = await knownOf(clients, modelOf([declared.lambda('work')]))
  assert.deepEqual([known.tableStreams.size, known.hostedZones.size, clients.calls.length - before], [0, 0, 0])
})
