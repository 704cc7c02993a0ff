// Asynchronous invocations: an event is kept until its function has worked it off or has failed too often, and until
// everybody who is to hear of that has been told.
import { randomUUID } from 'node:crypto'
import {
  type Condition,
  type Ending,
  toDeadLetterAttributes,
  toInvocationBusEvent,
  toInvocationRecord,
  toRecordKey,
} from '../aws/events/destination.ts'
import type { Clock } from './clock.ts'
import type { Asked, Outcome } from './invocation.ts'
import type { Outbox, Parcel, Verdict } from './outbox.ts'
import type { Delivery, Receipt } from './service.ts'
import type { Store } from './store.ts'

/** An event for a function, which nobody waits for. */
export interface AsynchronousEvent {
  /** The function's physical name. */
  readonly name: string
  /** JSON. */
  readonly payload: string
  /** The same at every try. */
  readonly requestId: string
  /** What caused it; empty: nothing that is known. */
  readonly parent: string
  readonly asked?: Asked | undefined
}

/** What a function says of the events that nobody waits for. */
export interface AsynchronousSettings {
  readonly arn: string
  /** How often a failed event is tried again. */
  readonly retries: number
  /** Seconds. */
  readonly maximumAge: number
  /** It may not run at all: its reserved concurrency is 0. */
  readonly off: boolean
  /** ARNs. */
  readonly deadLetter: string | undefined
  readonly success: string | undefined
  readonly failure: string | undefined
}

export interface Asynchronous {
  /** Resolves once the event is kept. */
  start(event: AsynchronousEvent): Promise<void>
}

export interface AsynchronousGround {
  readonly store: Store
  readonly clock: Clock
  readonly outbox: Outbox
  /** Resolves when the app's functions are there: events of an earlier run wait for that. */
  readonly ready: Promise<void>
  invoke(event: AsynchronousEvent): Promise<Outcome>
  /** Undefined: the app has no such function. */
  settings(name: string): AsynchronousSettings | undefined
  deliver(delivery: Delivery): Promise<Receipt>
  /** Adds a line to the function's log. */
  note(event: AsynchronousEvent, words: string): void
}

/** What is kept of an event. */
interface Kept extends AsynchronousEvent {
  /** How often the function failed, and how often there was no room for it. */
  readonly failures?: number
  readonly throttles?: number
  /** It has ended: these are still to be told. */
  readonly owed?: readonly Owed[]
  readonly ending?: Ending
}

interface Owed {
  readonly to: string
  readonly as: 'record' | 'dead letter'
  /** To a bucket: the same at every try. */
  readonly key?: string
}

// Source: "How Lambda handles errors and retries with asynchronous invocation": two more tries, after one and two
// minutes; without room from one second, doubling, to five minutes; six hours in all.
const RETRIES = [60_000, 120_000]
const FIRST_WAIT = 1000
const LONGEST_WAIT = 300_000

/** Opens it on what the outbox holds. */
export function openAsynchronous(ground: AsynchronousGround): Asynchronous {
  const { store, outbox, ready } = ground
  outbox.serve<Kept>('lambda', async (parcel) => {
    await ready
    const { ending } = parcel.body
    return ending === undefined ? work(parcel, ground) : tell(parcel.body, ending, ground)
  })
  return { start: (event) => store.commit((writer) => outbox.post(writer, 'lambda', event)) }
}

async function work({ body, posted }: Parcel<Kept>, ground: AsynchronousGround): Promise<Verdict> {
  const { failures = 0, throttles = 0, ...event } = body
  const settings = ground.settings(event.name)
  if (settings === undefined) return giveUp(event, 'the app does not have the function any more', ground)
  const end = (condition: Condition, count: number, response?: string): Verdict =>
    toOwed(event, settings, toEnding(event, settings, { condition, count, response, time: ground.clock.now() }))
  const isTooOld = (wait: number): boolean => ground.clock.now() + wait - posted >= settings.maximumAge * 1000
  if (settings.off) {
    ground.note(event, 'The event is given up: the function has a reserved concurrency of 0.')
    return end('ZeroReservedConcurrency', 0)
  }
  const { failed, fault, payload } = await ground.invoke(event)
  if (!failed) return end('Success', failures + 1, payload)
  if (fault === 'unknown function') return giveUp(event, 'the app does not have the function any more', ground)
  if (fault === 'throttled') {
    const again = Math.min(FIRST_WAIT * 2 ** throttles, LONGEST_WAIT)
    if (!isTooOld(again)) return { again, body: { ...event, failures, throttles: throttles + 1 } }
    ground.note(event, `The event is given up: there was no room for it for ${settings.maximumAge} s.`)
    return end('EventAgeExceeded', failures)
  }
  const again = RETRIES[failures]
  const isLast = again === undefined || failures >= settings.retries
  if (!isLast && !isTooOld(again)) return { again, body: { ...event, failures: failures + 1, throttles } }
  ground.note(
    event,
    isLast
      ? `The event is given up: it failed ${failures === 0 ? 'once' : `${failures + 1} times`}.`
      : `The event is given up: at its next try it would be older than ${settings.maximumAge} s.`,
  )
  return end(isLast ? 'RetriesExhausted' : 'EventAgeExceeded', failures + 1, payload)
}

function giveUp(event: AsynchronousEvent, words: string, { note }: AsynchronousGround): Verdict {
  note(event, `The event is given up: ${words}.`)
  return 'done'
}

function toEnding(
  { requestId, payload }: AsynchronousEvent,
  { arn }: AsynchronousSettings,
  { response, ...of }: { condition: Condition; count: number; time: number; response: string | undefined },
): Ending {
  return { ...of, requestId, functionArn: arn, request: payload, response }
}

// The ending takes the event's own place in the outbox, in one commit: nobody is told of what has not ended, nor forgotten.
function toOwed(event: AsynchronousEvent, settings: AsynchronousSettings, ending: Ending): Verdict {
  const isGood = ending.condition === 'Success'
  const record = isGood ? settings.success : settings.failure
  const owed: Owed[] = []
  if (record !== undefined) owed.push({ to: record, as: 'record', ...keyIn(record, event, ending) })
  if (!isGood && settings.deadLetter !== undefined) owed.push({ to: settings.deadLetter, as: 'dead letter' })
  return owed.length === 0 ? 'done' : { again: 0, body: { ...event, owed, ending } }
}

function keyIn(to: string, { name }: AsynchronousEvent, { time }: Ending): { key?: string } {
  return to.split(':')[2] === 's3' ? { key: toRecordKey(['async', name], { time, id: randomUUID() }) } : {}
}

async function tell({ owed = [], ...event }: Kept, ending: Ending, ground: AsynchronousGround): Promise<Verdict> {
  const [first, ...rest] = owed
  if (first === undefined) return 'done'
  const receipt = await ground.deliver(toDelivery(first, ending))
  // As on AWS, what a destination does not take is dropped: only the log tells.
  if (receipt !== 'taken') {
    const why = 'gone' in receipt ? receipt.gone : receipt.refused
    ground.note(event, `The ${first.as} of the event did not reach ${first.to}: ${why}`)
  }
  return rest.length === 0 ? 'done' : { again: 0, body: { ...event, owed: rest } }
}

function toDelivery({ to, as, key }: Owed, ending: Ending): Delivery {
  const from = ending.functionArn
  if (as === 'dead letter') return { to, from, body: ending.request, attributes: toDeadLetterAttributes(ending) }
  const isBus = to.split(':')[2] === 'events'
  const said = isBus ? toInvocationBusEvent(ending, { bus: to, id: randomUUID() }) : toInvocationRecord(ending)
  return { to, from, body: JSON.stringify(said), ...(key === undefined ? {} : { key }) }
}
