// StartLiveTail: what groups are told, as it comes, once a second.
import { randomUUID } from 'node:crypto'
import { PassThrough } from 'node:stream'
import { EVENT_STREAM, toFrame } from '../../../aws/protocol/event-stream.ts'
import type { JsonObject } from '../../../aws/protocol/json.ts'
import { required, textOf, textsOf } from '../../../aws/protocol/members.ts'
import type { WireResponse } from '../../service.ts'
import { streamsIn } from './events.ts'
import { toName } from './groups.ts'
import { compile } from './pattern.ts'
import { invalid } from './problems.ts'
import { groupArn, type LogEvent, needGroup, type Room } from './state.ts'

// Source: "Live Tail": an update a second, of 500 events at most; a session of three hours.
const EVERY = 1000
const MOST = 500
const LONGEST = 3 * 3_600_000

export function startTail(room: Room, input: JsonObject, id: string): WireResponse {
  const identifiers = required(textsOf(input, 'logGroupIdentifiers'), 'logGroupIdentifiers')
  if (identifiers.length > 10) throw invalid('You can specify 10 log groups at most.')
  const groups = identifiers.map((one) => needGroup(room, toName(one)).name)
  const pattern = textOf(input, 'logEventFilterPattern') ?? ''
  const matches = compile(pattern)
  const isIn = streamsIn(input, 'logStreamNames', 'logStreamNamePrefixes')
  const body = new PassThrough()
  const waiting: JsonObject[] = []
  const take = (group: string, event: LogEvent): void => {
    if (groups.includes(group) && isIn(event.stream) && matches(event.message)) waiting.push(toResult(group, event))
  }
  const told = {
    requestId: id,
    sessionId: randomUUID(),
    logGroupIdentifiers: identifiers,
    logEventFilterPattern: pattern,
  }
  body.write(toFrame('initial-response', '{}'))
  body.write(toFrame('sessionStart', JSON.stringify(told)))
  room.listeners.add(take)
  const leave = room.functions.follow(take)
  // By the machine's time: somebody is looking.
  const ticking = setInterval(() => {
    const sessionResults = waiting.splice(0, MOST)
    const sessionMetadata = { sampled: waiting.length > 0 }
    waiting.length = 0
    body.write(toFrame('sessionUpdate', JSON.stringify({ sessionMetadata, sessionResults })))
  }, EVERY)
  const ending = setTimeout(() => body.end(), LONGEST)
  ticking.unref()
  ending.unref()
  body.once('close', () => {
    clearInterval(ticking)
    clearTimeout(ending)
    leave()
    room.listeners.delete(take)
  })
  return { status: 200, headers: { 'content-type': EVENT_STREAM, 'x-amzn-requestid': id }, body }
}

const toResult = (group: string, { stream, time, ingested, message }: LogEvent): JsonObject => ({
  logStreamName: stream,
  logGroupIdentifier: groupArn(group).split(':').slice(4, 5).concat(group).join(':'),
  message,
  timestamp: time,
  ingestionTime: ingested,
})
