// The app's tables, streams, buses, secrets and parameters, made from its model: as they are declared, as they are declared next, and after a restart.
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import {
  DescribeTableCommand,
  DescribeTimeToLiveCommand,
  DynamoDBClient,
  PutItemCommand,
  type TableDescription,
} from '@aws-sdk/client-dynamodb'
import { EventBridgeClient, ListEventBusesCommand, ListRulesCommand } from '@aws-sdk/client-eventbridge'
import { DescribeStreamSummaryCommand, KinesisClient } from '@aws-sdk/client-kinesis'
import { GetSecretValueCommand, PutSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import { GetParametersCommand, SSMClient } from '@aws-sdk/client-ssm'
import { GobletError } from '../../src/errors.ts'
import { type AppText, type Running, runApp } from '../support/cloud.ts'
import { type Described, declared, modelOf } from '../support/declared.ts'

const { owns, rule, change } = declared

/** Such an app, whose functions do nothing. */
function toApp(declarations: readonly Described[]): AppText {
  const { functions, triggers, resources } = modelOf(declarations, { app: 'test' })
  const idle = functions.map(({ name }) => [name, 'export const handler = async () => {}'] as const)
  return { functions: Object.fromEntries(idle), triggers, resources }
}

// Connections are not kept: a test that fails would wait for them at its end.
const config = ({ cloud }: Running) => ({
  requestHandler: { httpAgent: { keepAlive: false } },
  endpoint: cloud.aws,
  region: 'us-east-1',
  credentials: { accessKeyId: 'goblet', secretAccessKey: 'goblet' },
})

async function describeTable(running: Running, name: string): Promise<TableDescription> {
  const client = new DynamoDBClient(config(running))
  const { Table = {} } = await client.send(new DescribeTableCommand({ TableName: name }))
  client.destroy()
  return Table
}

describe('a table', () => {
  const notes = (more: object = {}) => owns('table', 'notes', { key: ['room', 'at'], types: { at: 'N' }, ...more })

  it('is made as it is declared', async () => {
    const whole = {
      indexes: { byUser: ['user', 'at'], byDay: { key: ['room', 'day'], projection: ['title'], local: true } },
      ttl: 'expires',
      provisioned: { read: 3, write: 2 },
      deletionProtection: true,
    }
    await using running = await runApp(toApp([notes(whole), change('log', 'notes')]))
    const table = await describeTable(running, 'test-dev-notes')
    assert.deepEqual(table.KeySchema, [
      { AttributeName: 'room', KeyType: 'HASH' },
      { AttributeName: 'at', KeyType: 'RANGE' },
    ])
    assert.deepEqual(
      table.GlobalSecondaryIndexes?.map(({ IndexName, Projection }) => [IndexName, Projection]),
      [['byUser', { ProjectionType: 'ALL' }]],
    )
    assert.deepEqual(
      table.LocalSecondaryIndexes?.map(({ IndexName, Projection }) => [IndexName, Projection]),
      [['byDay', { ProjectionType: 'INCLUDE', NonKeyAttributes: ['title'] }]],
    )
    assert.deepEqual([table.ProvisionedThroughput?.ReadCapacityUnits, table.DeletionProtectionEnabled], [3, true])
    assert.deepEqual(table.StreamSpecification, { StreamEnabled: true, StreamViewType: 'NEW_AND_OLD_IMAGES' })
    const client = new DynamoDBClient(config(running))
    const time = await client.send(new DescribeTimeToLiveCommand({ TableName: 'test-dev-notes' }))
    client.destroy()
    assert.equal(time.TimeToLiveDescription?.AttributeName, 'expires')
  })

  it('follows what is declared next, and is there after a restart', async () => {
    await using running = await runApp(toApp([notes()]))
    assert.equal((await describeTable(running, 'test-dev-notes')).StreamSpecification, undefined)
    await running.apply(toApp([notes({ indexes: { byUser: 'user' }, stream: 'keys' })]))
    await running.restart()
    const table = await describeTable(running, 'test-dev-notes')
    assert.deepEqual(
      table.GlobalSecondaryIndexes?.map(({ IndexName }) => IndexName),
      ['byUser'],
    )
    assert.equal(table.StreamSpecification?.StreamViewType, 'KEYS_ONLY')
  })

  it('with another key than the one that is there is a complaint at its place', async () => {
    await using running = await runApp(toApp([notes()]))
    const other = toApp([owns('table', 'notes', { key: 'id' })])
    // Nobody misses an empty one.
    await running.apply(other)
    await running.apply(toApp([notes()]))
    const client = new DynamoDBClient(config(running))
    const Item = { room: { S: 'a' }, at: { N: '1' } }
    await client.send(new PutItemCommand({ TableName: 'test-dev-notes', Item })).finally(() => client.destroy())
    await assert.rejects(running.apply(other), (error) => {
      assert.ok(error instanceof GobletError)
      const [one] = error.complaints
      assert.deepEqual([one?.code, one?.where], ['GOBLET_BAD_OPTION', { file: 'app.ts', line: 2 }])
      assert.match(one?.message ?? '', /^`key` of the table notes does not fit what is there/)
      return true
    })
  })
})

it('a stream has its shards and its retention', async () => {
  await using running = await runApp(toApp([owns('stream', 'clicks', { shards: 2, retention: 172_800 })]))
  const client = new KinesisClient(config(running))
  const { StreamDescriptionSummary: stream } = await client.send(
    new DescribeStreamSummaryCommand({ StreamName: 'test-dev-clicks' }),
  )
  client.destroy()
  assert.deepEqual([stream?.OpenShardCount, stream?.RetentionPeriodHours], [2, 48])
})

it('a bus has a rule for each function, as long as there is that function', async () => {
  const shop = owns('bus', 'shop', {})
  const own = owns('bus', 'default', {})
  const stopped = rule('stopped', 'default', { source: ['aws.ec2'] })
  await using running = await runApp(toApp([shop, own, stopped, rule('mail', 'shop', { source: ['shop'] })]))
  const client = new EventBridgeClient(config(running))
  const rules = async (bus: string) => {
    const { Rules = [] } = await client.send(new ListRulesCommand({ EventBusName: bus }))
    return Rules.map(({ Name, EventPattern }) => [Name, EventPattern])
  }
  const { EventBuses = [] } = await client.send(new ListEventBusesCommand({}))
  assert.deepEqual(EventBuses.map(({ Name }) => Name).sort(), ['default', 'test-dev-shop'])
  assert.deepEqual(await rules('test-dev-shop'), [['test-dev-mail', '{"source":["shop"]}']])
  assert.deepEqual(await rules('default'), [['test-dev-stopped', '{"source":["aws.ec2"]}']])
  await running.apply(toApp([shop, own, stopped]))
  assert.deepEqual(await rules('test-dev-shop'), [])
  assert.equal((await rules('default')).length, 1)
  client.destroy()
})

it('a secret has a value of its own, which stays; another’s has its local one, or is not there', async () => {
  const generate = { length: 20, key: 'password', template: { user: 'admin' } }
  const app = toApp([
    owns('secret', 'made', { generate }),
    owns('secret', 'theirs', { existing: true, local: 'for this machine' }),
    owns('secret', 'absent', { existing: true }),
    owns('secret', 'empty', {}),
  ])
  await using running = await runApp(app)
  const client = new SecretsManagerClient(config(running))
  const value = async (SecretId: string): Promise<string> => {
    const answer = client.send(new GetSecretValueCommand({ SecretId }))
    return answer.then(
      ({ SecretString = '' }) => SecretString,
      (error) => error.name,
    )
  }
  const first = await value('test-dev-made')
  const { user, password } = JSON.parse(first)
  assert.deepEqual([user, password.length], ['admin', 20])
  assert.equal(await value('theirs'), 'for this machine')
  assert.equal(await value('absent'), 'ResourceNotFoundException')
  assert.equal(await value('test-dev-empty'), 'ResourceNotFoundException')
  await client.send(new PutSecretValueCommand({ SecretId: 'theirs', SecretString: 'by hand' }))
  await running.apply(app)
  assert.deepEqual([await value('test-dev-made'), await value('theirs')], [first, 'by hand'])
  client.destroy()
})

it('a parameter has its value, on this machine the local one', async () => {
  await using running = await runApp(
    toApp([
      owns('param', 'limit', { value: '3', type: 'StringList' }),
      owns('param', '/shared/host', { existing: true, type: 'SecureString', local: 'localhost' }),
      owns('param', 'absent', { existing: true }),
    ]),
  )
  const client = new SSMClient(config(running))
  const Names = ['test-dev-limit', '/shared/host', 'absent']
  const { Parameters = [], InvalidParameters } = await client.send(
    new GetParametersCommand({ Names, WithDecryption: true }),
  )
  client.destroy()
  const found = Parameters.map(({ Name, Type, Value }) => [Name, Type, Value]).sort()
  assert.deepEqual(found, [
    ['/shared/host', 'SecureString', 'localhost'],
    ['test-dev-limit', 'StringList', '3'],
  ])
  assert.deepEqual(InvalidParameters, ['absent'])
})
