// goblet/testing: functions are kept to their permissions, and a test can ask what they did.
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { start } from '../../src/testing/index.ts'
import { folderOf } from '../support/command.ts'

// The second call is made of text as it runs: no reading of the code can find it. The third is never made.
const APP = `import { app, lambda, queue } from 'goblet'
export default app('hidden')
export const jobs = queue('jobs')
export const lost = queue('lost')
const call = new Function('handle', 'return handle.send({ n: 1 })')
export const plain = lambda(async ({ all }: { all?: boolean }) => {
  if (all) await lost.send({ n: 2 })
  return (await jobs.send({ n: 0 })).messageId.length
})
export const sneaky = lambda(async () => (await call(jobs)).messageId.length)
`
const entry = join(folderOf({ 'app.ts': APP }), 'app.ts')
const JOBS = 'arn:aws:sqs:us-east-1:000000000000:hidden-dev-jobs'
const LOST = 'arn:aws:sqs:us-east-1:000000000000:hidden-dev-lost'

test('a function may do what its code says, and nothing else', async () => {
  await using cloud = await start(entry)
  assert.equal((await cloud.invoke('plain', {})).result, 36)
  const refused = await cloud.invoke('sneaky')
  assert.equal(refused.failed, true)
  assert.match(refused.result.errorMessage, /AccessDenied/)
  const { exercised, granted, unused } = cloud.permissions()
  assert.deepEqual(exercised, [
    { function: 'plain', action: 'sqs:SendMessage', resource: JOBS, allowed: true },
    { function: 'sneaky', action: 'sqs:SendMessage', resource: JOBS, allowed: false },
  ])
  assert.deepEqual(unused, [{ function: 'plain', action: 'sqs:SendMessage', resource: LOST }])
  // Among what is granted is what Goblet itself needs for them: their logs.
  for (const name of ['plain', 'sneaky'])
    assert.ok(granted.some((one) => one.function === name && one.action === 'logs:PutLogEvents'))
})

test('what is let through on request is told of at the end', async (t) => {
  for (const iam of ['warn', 'off'] as const) {
    const told = t.mock.method(console, 'warn', () => {})
    const cloud = await start(entry, { iam })
    assert.equal((await cloud.invoke('sneaky')).result, 36)
    assert.equal(told.mock.callCount(), 0)
    await cloud.close()
    assert.equal(told.mock.callCount(), 1)
    assert.match(
      String(told.mock.calls[0]?.arguments[0]),
      /Nothing allows sneaky to do sqs:SendMessage on arn:\S+hidden-dev-jobs/,
    )
    told.mock.restore()
  }
})

test('names in the environment that a test lays over the functions count', async () => {
  const named = new URL('../fixtures/testing/named.ts', import.meta.url)
  for (const [name, env] of [
    ['one', undefined],
    ['two', { QUEUE: 'named-dev-two' }],
  ] as const) {
    await using cloud = await start(named, env === undefined ? {} : { env })
    assert.match(String((await cloud.invoke('send')).result), new RegExp(`named-dev-${name}$`))
    const resources = cloud.permissions().granted.filter(({ action }) => action === 'sqs:SendMessage')
    assert.deepEqual(
      resources.map(({ resource }) => resource),
      [`arn:aws:sqs:us-east-1:000000000000:named-dev-${name}`],
    )
  }
})
