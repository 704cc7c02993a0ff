// Recorded cases of patterns, schedules, buses and tables against `goblet dev` as it runs; the others stand in docs/parity.md.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { PutEventsCommand, PutRuleCommand, PutTargetsCommand } from '@aws-sdk/client-eventbridge'
import { type It, open } from '../checks/check.ts'
import { type Running, startTarget } from '../support/peers.ts'
import { readCases } from './cases.ts'
import type { CloudCase } from './cloud-cases.ts'
import { askExpression, askPattern } from './event-cases.ts'
import { isAsked } from './parity.ts'

const cases: readonly CloudCase[] = JSON.parse(JSON.stringify(readCases('contract-cloud')))
const of = (...services: string[]) => cases.filter((one) => services.includes(one.service) && isAsked(one))
const expected = (id: string) => cases.find((one) => one.id === id)?.expect ?? assert.fail(id)

let goblet: Running
let it: It & Disposable
before(async () => {
  goblet = await startTarget('goblet')
  it = open(goblet.endpoint)
})
after(async () => {
  it[Symbol.dispose]()
  await goblet.stop()
})

describe('patterns, by TestEventPattern', () => {
  for (const one of of('eventbridge.pattern')) test(one.id, () => askPattern(it, one))
})

describe('expressions, by PutRule and CreateSchedule', () => {
  for (const one of of('schedule.validate', 'schedule.cron')) test(one.id, () => askExpression(it, one))
})

test('eb-put-no-source', async () => {
  const { FailedEntryCount, ErrorCode, ErrorMessage, http } = expected('eb-put-no-source')
  const put = await it.events.send(new PutEventsCommand({ Entries: [{ DetailType: 't', Detail: '{}' }] }))
  assert.equal(put.$metadata.httpStatusCode, http)
  assert.equal(put.FailedEntryCount, FailedEntryCount)
  assert.deepEqual(put.Entries, [{ ErrorCode, ErrorMessage }])
})

test('eb-event-envelope', async () => {
  const { event } = expected('eb-event-envelope')
  const queue = await it.queue()
  const Name = it.name()
  await it.events.send(new PutRuleCommand({ Name, EventPattern: JSON.stringify({ source: [event.source] }) }))
  await it.events.send(new PutTargetsCommand({ Rule: Name, Targets: [{ Id: '1', Arn: queue.arn }] }))
  const Detail = JSON.stringify(event.detail)
  const Entries = [{ Source: event.source, DetailType: event['detail-type'], Detail }]
  const put = await it.events.send(new PutEventsCommand({ Entries }))
  const got = JSON.parse((await it.receive(queue))[0]?.Body ?? '{}')
  assert.deepEqual(Object.keys(got), Object.keys(event))
  assert.equal(got.id, put.Entries?.[0]?.EventId)
  assert.match(got.id, /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/)
  assert.match(got.account, /^\d{12}$/)
  assert.match(got.time, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/)
  for (const name of ['version', 'detail-type', 'source', 'resources', 'detail'])
    assert.deepEqual(got[name], event[name], name)
})

test('sec-proto-ddb: names of the prototype are names like others', async () => {
  const ask = async (operation: string, input: string): Promise<string> => {
    const headers = { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': `DynamoDB_20120810.${operation}` }
    const answer = await fetch(goblet.endpoint, { method: 'POST', headers, body: input })
    const text = await answer.text()
    assert.equal(answer.status, 200, text)
    return text
  }
  const TableName = await it.table()
  const item = '{"pk":{"S":"a"},"__proto__":{"S":"x"},"constructor":{"S":"y"}}'
  await ask('PutItem', `{"TableName":"${TableName}","Item":${item}}`)
  const got = JSON.parse(await ask('GetItem', `{"TableName":"${TableName}","Key":{"pk":{"S":"a"}}}`)).Item
  assert.deepEqual(
    Object.entries(got).toSorted(([one], [other]) => (one < other ? -1 : 1)),
    Object.entries(JSON.parse(item)).toSorted(([one], [other]) => (one < other ? -1 : 1)),
  )
})
