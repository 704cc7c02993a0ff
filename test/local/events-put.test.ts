// PutEvents through the SDK: what reaches whom and how it is written, what is refused, and what outlives a restart.
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import {
  CreateEventBusCommand,
  PutEventsCommand,
  PutRuleCommand,
  PutTargetsCommand,
  TestEventPatternCommand,
} from '@aws-sdk/client-eventbridge'
import type { Receipt } from '../../src/local/service.ts'
import { type EventsRig, openEventsRig } from '../support/events.ts'

const ARN = 'arn:aws:events:us-east-1:000000000000:'
const QUEUE = 'arn:aws:sqs:us-east-1:000000000000:q'
const PATTERN = JSON.stringify({ source: ['shop'] })

let rig: EventsRig
before(async () => {
  rig = await openEventsRig()
})
after(() => rig[Symbol.asyncDispose]())

const refused = (name: string, message: string) => ({ name, message })
const entry = (more: object = {}) => ({ Source: 'shop', DetailType: 'sold', Detail: '{"a":1}', ...more })

async function rule(name: string, more: object = {}): Promise<void> {
  await rig.client.send(new PutRuleCommand({ Name: name, EventPattern: PATTERN, ...more }))
}

describe('events', () => {
  const told = (to: string): unknown[] =>
    rig.mail.taken.filter((one) => one.to === to).map(({ body }) => JSON.parse(body))

  it('reach the targets of the rules that match, as AWS writes them', async () => {
    await rule('e1')
    await rig.client.send(new PutTargetsCommand({ Rule: 'e1', Targets: [{ Id: '1', Arn: `${QUEUE}1` }] }))
    const { Entries, FailedEntryCount } = await rig.client.send(
      new PutEventsCommand({
        Entries: [
          entry({ Detail: '{ "a" : 1.0, "big": 12345678901234567890, "s": "a \\" b" }', Resources: ['arn:x'] }),
          entry({ Source: 'other' }),
          entry({ Time: new Date('2026-03-04T05:06:07.890Z') }),
        ],
      }),
    )
    assert.equal(FailedEntryCount, 0)
    await rig.settle()
    const [first, second] = rig.mail.taken.filter(({ to }) => to === `${QUEUE}1`)
    assert.equal(
      first?.body,
      `{"version":"0","id":"${Entries?.[0]?.EventId}","detail-type":"sold","source":"shop","account":"000000000000","time":"2026-01-01T00:00:00Z","region":"us-east-1","resources":["arn:x"],"detail":{"a":1.0,"big":12345678901234567890,"s":"a \\" b"}}`,
    )
    assert.equal(first?.from, `${ARN}rule/e1`)
    assert.equal(JSON.parse(second?.body ?? '{}').time, '2026-03-04T05:06:07Z')
  })

  it('are refused one by one', async () => {
    const required = (name: string) => ({
      ErrorCode: 'InvalidArgument',
      ErrorMessage: `Parameter ${name} is not valid. Reason: ${name} is a required argument.`,
    })
    const malformed = { ErrorCode: 'MalformedDetail', ErrorMessage: 'Detail is malformed.' }
    const { Source: _, ...noSource } = entry()
    const { DetailType: __, ...noType } = entry()
    const { Detail: ___, ...noDetail } = entry()
    const given = [
      noSource,
      noType,
      noDetail,
      ...['text', '["a"]', '{"a"', '"text"'].map((Detail) => entry({ Detail })),
      entry(),
    ]
    const answer = await rig.client.send(new PutEventsCommand({ Entries: given }))
    assert.equal(answer.FailedEntryCount, 7)
    assert.deepEqual(answer.Entries?.slice(0, 7), [
      required('Source'),
      required('DetailType'),
      required('Detail'),
      ...Array(4).fill(malformed),
    ])
    assert.match(answer.Entries?.[7]?.EventId ?? '', /^[0-9a-f-]{36}$/)
  })

  it('are refused together when they are too many or too large', async () => {
    const item =
      'PutEventsRequestEntry(time=null, source=shop, resources=null, detailType=sold, detail={"a":1}, eventBusName=b, traceHeader=null, kmsKeyIdentifier=null, internalMetadata=null)'
    await assert.rejects(
      rig.client.send(new PutEventsCommand({ Entries: Array(11).fill(entry({ EventBusName: 'b' })) })),
      refused(
        'ValidationException',
        `1 validation error detected: Value '[${Array(11).fill(item).join(', ')}]' at 'entries' failed to satisfy constraint: Member must have length less than or equal to 10`,
      ),
    )
    await assert.rejects(
      rig.client.send(
        new PutEventsCommand({ Entries: [entry({ Detail: JSON.stringify({ a: 'x'.repeat(1_048_576) }) })] }),
      ),
      refused('ValidationException', 'Total size of the entries in the request is over the limit.'),
    )
  })

  it('are refused when they nest without end, or are of no time', async () => {
    const Detail = `{"a":${'['.repeat(5000)}${']'.repeat(5000)}}`
    const deep = await rig.client.send(new PutEventsCommand({ Entries: [entry({ Detail })] }))
    assert.equal(deep.Entries?.[0]?.ErrorCode, 'MalformedDetail')
    const late = { Entries: [entry({ Time: new Date(8.64e15) })] }
    await assert.rejects(rig.client.send(new PutEventsCommand(late)), { name: 'SerializationException' })
  })

  it('are taken silently by a bus that is not there', async () => {
    const answer = await rig.client.send(new PutEventsCommand({ Entries: [entry({ EventBusName: 'nowhere' })] }))
    assert.equal(answer.FailedEntryCount, 0)
  })

  it('go from bus to bus, once', async () => {
    for (const name of ['first', 'second']) await rig.client.send(new CreateEventBusCommand({ Name: name }))
    await rule('on', { EventBusName: 'first' })
    await rig.client.send(
      new PutTargetsCommand({
        Rule: 'on',
        EventBusName: 'first',
        Targets: [{ Id: '1', Arn: `${ARN}event-bus/second` }],
      }),
    )
    await rule('back', { EventBusName: 'second' })
    await rig.client.send(
      new PutTargetsCommand({
        Rule: 'back',
        EventBusName: 'second',
        Targets: [
          { Id: '1', Arn: `${ARN}event-bus/first` },
          { Id: '2', Arn: `${QUEUE}bus` },
        ],
      }),
    )
    rig.mail.answer(async (delivery): Promise<Receipt> => {
      if (rig.service.find(delivery.to)) await rig.service.put(delivery)
      return 'taken'
    })
    const { Entries } = await rig.client.send(new PutEventsCommand({ Entries: [entry({ EventBusName: 'first' })] }))
    await rig.settle()
    rig.mail.answer(() => 'taken')
    const [event, ...more] = told(`${QUEUE}bus`)
    assert.deepEqual(more, [])
    assert.equal((event as { id: string }).id, Entries?.[0]?.EventId)
    assert.equal(told(`${ARN}event-bus/first`).length, 0)
  })

  it('match what clients ask to test', async () => {
    const Event = JSON.stringify({ id: '1', source: 'shop', detail: { a: 1 } })
    const yes = await rig.client.send(new TestEventPatternCommand({ EventPattern: PATTERN, Event }))
    const no = await rig.client.send(new TestEventPatternCommand({ EventPattern: '{"source":["x"]}', Event }))
    assert.deepEqual([yes.Result, no.Result], [true, false])
    await assert.rejects(
      rig.client.send(new TestEventPatternCommand({ EventPattern: PATTERN, Event: 'plain' })),
      refused('ValidationException', 'Parameter Event is not valid.'),
    )
    await assert.rejects(
      rig.client.send(new TestEventPatternCommand({ EventPattern: '{"a":[{"EXISTS":true}]}', Event })),
      refused('InvalidEventPatternException', 'Event pattern is not valid. Reason: Unrecognized match type EXISTS'),
    )
  })

  const REASON = 'Event pattern is not valid. Reason: '
  const VALUES = "(JSON String, Number, Array, Object or token 'null', 'true' or 'false')"
  // Recorded.
  const wrong: readonly (readonly [string, string, number])[] = [
    ['this is valid json but not a dict', `Unrecognized token 'this': was expecting ${VALUES}`, 5],
    ["{'bad': 'quotation'}", "Unexpected character (''' (code 39)): was expecting double-quote to start field name", 2],
    ['{"not": closed mark"', `Unrecognized token 'closed': was expecting ${VALUES}`, 15],
    ['["not", "a", "dict", "but valid json"]', 'Filter is not an object', 2],
  ]
  for (const [EventPattern, reason, column] of wrong) {
    it(`match no pattern like ${EventPattern}`, async () => {
      await assert.rejects(
        rig.client.send(new TestEventPatternCommand({ EventPattern, Event: '{}' })),
        refused(
          'InvalidEventPatternException',
          `${REASON}${reason}\n at [Source: (String)"${EventPattern}"; line: 1, column: ${column}]`,
        ),
      )
    })
  }

  it('and rules outlive a restart, what was not delivered yet included', async () => {
    await rule('kept')
    await rig.client.send(new PutTargetsCommand({ Rule: 'kept', Targets: [{ Id: '1', Arn: `${QUEUE}kept` }] }))
    rig.mail.answer(() => ({ refused: 'not now' }))
    await rig.client.send(new PutEventsCommand({ Entries: [entry()] }))
    await rig.settle()
    await rig.reopen(60_000)
    await rig.settle()
    assert.equal(rig.mail.taken.filter(({ to }) => to === `${QUEUE}kept`).length, 1)
    await rig.client.send(new PutEventsCommand({ Entries: [entry()] }))
    await rig.settle()
    assert.equal(rig.mail.taken.filter(({ to }) => to === `${QUEUE}kept`).length, 2)
  })
})
