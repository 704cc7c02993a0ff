// The check list is driven by two clients: both know every check, and nothing else.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { runs } from '../checks/drive.ts'
import list from '../checks/list.json' with { type: 'json' }

const ids = list.map(({ id }) => id).sort()

test('the list has at least 101 checks, each once', () => {
  assert.equal(new Set(ids).size, ids.length)
  const count = (service: string) => ids.filter((id) => id.startsWith(`${service}-`)).length
  assert.ok(count('s3') >= 25 && count('sqs') >= 16 && count('sns') >= 11 && count('dynamodb') >= 20)
  for (const service of ['events', 'scheduler', 'kinesis', 'lambda', 'logs', 'sts', 'ssm', 'secrets'])
    assert.ok(count(service) >= 2, service)
})

test('the SDK and boto3 drive the same list', () => {
  const python = readFileSync(new URL('../checks/checks.py', import.meta.url), 'utf8')
  assert.deepEqual(Object.keys(runs).sort(), ids)
  assert.deepEqual([...python.matchAll(/^@check\('([\w-]+)'\)$/gm)].map(([, id]) => id).sort(), ids)
})
