// Recorded cases of functions, and of those that tables and streams wake, asked over the wire by the SDK's clients.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { PutEventsCommand, PutRuleCommand, PutTargetsCommand } from '@aws-sdk/client-eventbridge'
import { startClock } from '../../src/local/clock.ts'
import lambdaCases from '../cases/lambda.json' with { type: 'json' }
import { open } from '../checks/check.ts'
import { runApp } from '../support/cloud.ts'
import { readCases } from './cases.ts'
import type { CloudCase } from './cloud-cases.ts'
import { type Asked, arnOf, FUNCTIONS, LAMBDA } from './function-cases.ts'
import { isAsked } from './parity.ts'
import { RESOURCES, STREAMS, TRIGGERS, WORKERS } from './stream-cases.ts'

const cases: readonly CloudCase[] = JSON.parse(JSON.stringify(readCases('contract-cloud')))
const of = (service: string) => cases.filter((one) => one.service === service && isAsked(one))

/** Functions that are invoked now live by the machine's clock; what is tried again does by one that is moved. */
let now: Asked & Disposable
let later: Asked & Disposable
before(async () => {
  const coded = lambdaCases.map(({ id, code, timeout = 5 }) => [id, { code, timeout }] as const)
  const functions = { ...FUNCTIONS, ...Object.fromEntries(coded) }
  const first = await runApp({ functions })
  now = { ...open(first.cloud.aws), app: first }
  const app = { functions: { ...FUNCTIONS, ...WORKERS }, resources: RESOURCES, triggers: TRIGGERS }
  const second = await runApp(app, { clock: startClock('virtual', Date.UTC(2026, 0, 1)) })
  later = { ...open(second.cloud.aws), app: second }
})
after(async () => {
  for (const it of [now, later]) {
    it[Symbol.dispose]()
    await it.app[Symbol.asyncDispose]()
  }
})

describe('functions', () => {
  for (const one of of('lambda'))
    test(one.id, () => {
      const ask = LAMBDA[one.id] ?? assert.fail('nobody knows how to ask it')
      return ask(/^lambda-async-(?!status|ignores)/.test(one.id) ? later : now, one)
    })
})

describe('what tables and streams wake', () => {
  for (const one of of('streams'))
    test(one.id, () => (STREAMS[one.id] ?? assert.fail('nobody knows how to ask it'))(later, one))
})

test('eb-lambda-target-async', async () => {
  const { app, events } = later
  const { lambdaInvocations } = cases.find(({ id }) => id === 'eb-lambda-target-async')?.expect ?? {}
  await events.send(new PutRuleCommand({ Name: 'wakes', EventPattern: '{"source":["wakes"]}' }))
  await events.send(new PutTargetsCommand({ Rule: 'wakes', Targets: [{ Id: '1', Arn: arnOf('woken') }] }))
  await events.send(new PutEventsCommand({ Entries: [{ Source: 'wakes', DetailType: 't', Detail: '{}' }] }))
  await app.cloud.clock.advance(3_600_000)
  const tried = app.lines('woken').filter((line) => line.startsWith('START'))
  assert.equal(tried.length, lambdaInvocations)
  // Lambda's tries are of one request.
  assert.equal(new Set(tried.map((line) => line.split(' ')[2])).size, 1)
})
