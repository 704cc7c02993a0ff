// Of every operation that the table knows, whatever is known of its input: needs that are well formed, and honest about what they take.
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { test } from 'node:test'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { tableOf } from '../../../src/aws/access/table.ts'
import { type Need, needsOf, operationsOf, sdkServices, toValue, UNKNOWN, type Value } from '../../../src/aws/access.ts'
import { PLACE } from '../../support/needs.ts'

const ARN = /^arn:aws:[a-z0-9*-]*:[a-z0-9*-]*:(\d{12}|aws|amazon|third-party|managed|\*)?:.+$/s

/** Every operation of every client that the table or a rule knows. */
function* operations(): Generator<{ service: string; name: string }> {
  for (const service of sdkServices.keys()) for (const name of operationsOf(service)) yield { service, name }
}

function wrong(need: Need): string | undefined {
  const [service = '', action = ''] = need.action.split(':')
  if (tableOf(service)?.actions.get(action.toLowerCase())?.name !== action)
    return `${need.action} is no action of IAM's`
  if (need.resources.length === 0) return `${need.action} on nothing`
  if (new Set(need.resources).size !== need.resources.length) return `${need.action} on the same resource twice`
  // The reference itself gives the offerings of MediaConnect a template without an account.
  const bad = need.resources.find((arn) => arn !== '*' && !ARN.test(arn) && !arn.includes(':mediaconnect:'))
  return bad === undefined ? undefined : `${need.action} on ${bad}`
}

function all(input: Value): { needs: number; complaints: string[] } {
  let needs = 0
  const complaints: string[] = []
  for (const { service, name } of operations()) {
    const found = needsOf({ service, name }, input, PLACE)
    if (found === undefined) complaints.push(`${service} ${name} is listed and not known`)
    for (const need of found ?? []) {
      needs++
      const says = wrong(need)
      if (says !== undefined) complaints.push(`${service} ${name}: ${says}`)
    }
  }
  return { needs, complaints }
}

// Inputs of which little is right: whatever code may hold, nothing may throw and nothing may come out that is no ARN.
const ODD: Readonly<Record<string, Value>> = {
  nothing: toValue({}),
  'not an object': toValue(['x']),
  absent: toValue(null),
  'a number for every name': toValue({
    Name: 3,
    Bucket: 1,
    TableName: 0,
    QueueUrl: 7,
    KeyId: 1,
    RoleArn: 5,
    FunctionName: 1,
  }),
  'objects for names': toValue({
    Name: {},
    Bucket: [],
    TableName: [{}],
    QueueUrl: {},
    RoleArn: {},
    Delete: 'x',
    Entries: 'y',
  }),
  'empty names': toValue({
    Name: '',
    Bucket: '',
    Key: '',
    TableName: '',
    QueueUrl: '',
    FunctionName: '',
    Statement: '',
  }),
  'wrong ARNs': toValue({
    TopicArn: 'arn:',
    TableName: 'arn:aws',
    ResourceArn: 'arn:aws:x',
    SecretId: 'arn:::',
    KeyId: 'arn:aws:kms',
  }),
}

test('of whatever nothing is known, needs are actions of IAM on ARNs', () => {
  const { needs, complaints } = all(UNKNOWN)
  assert.deepEqual(complaints.slice(0, 20), [])
  assert.ok(needs > 15_000, `${needs} needs`)
})

for (const [title, input] of Object.entries(ODD)) {
  test(`odd inputs do not throw: ${title}`, () => {
    let asked = ''
    try {
      for (const { service, name } of operations()) {
        asked = `${service} ${name}`
        needsOf({ service, name }, input, PLACE)
      }
    } catch (error) {
      assert.fail(`${asked}: ${error}`)
    }
  })
}

test('of whatever nothing is known, a need that takes every resource of a type says so', () => {
  const silent: string[] = []
  for (const { service, name } of operations())
    for (const need of needsOf({ service, name }, UNKNOWN, PLACE) ?? []) {
      const [prefix = '', action = ''] = need.action.split(':')
      const types = tableOf(prefix)?.actions.get(action.toLowerCase())?.on ?? []
      const holes = types.filter(({ type }) =>
        /\$\{(?!Partition|Region|Account)/.test(tableOf(prefix)?.types.get(type) ?? ''),
      )
      if (need.exact && holes.length > 0 && need.resources.some((arn) => arn.includes('*')))
        silent.push(`${service} ${name}: ${need.action}`)
    }
  // Each of these has no member that could tell: see the rules of each.
  const allowed =
    /^(apigatewaymanagementapi |cloudwatch (GetMetricData|ListMetrics|PutMetricData)|ecs ListTasks|redshift-data |athena StartQueryExecution: glue|athena StartQueryExecution: athena|s3 WriteGetObjectResponse)/
  assert.deepEqual(silent.filter((one) => !allowed.test(one)).slice(0, 20), [])
})

test('what is built finds its table', () => {
  const dist = new URL('../../../dist/', import.meta.url)
  const door = pathToFileURL(fileURLToPath(new URL('aws/access.js', dist))).href
  const code = `const { needsOf, toValue, tableOrigin } = await import(${JSON.stringify(door)})
const place = { partition: 'aws', region: 'us-east-1', account: '123456789012' }
console.log(needsOf({ service: 'codebuild', name: 'StartBuild' }, toValue({ projectName: 'p' }), place)[0].resources[0])
console.log(tableOrigin().date)`
  const said = execFileSync(process.execPath, ['--input-type=module', '-e', code], { encoding: 'utf8' })
  assert.match(said, /^arn:aws:codebuild:us-east-1:123456789012:project\/p\n\d{4}-\d{2}-\d{2}\n$/)
})
