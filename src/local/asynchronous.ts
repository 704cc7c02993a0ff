// Asynchronous invocations: an event is kept until its function has worked it off or has failed too often.
import type { Clock } from './clock.ts'
import type { Outcome } from './invocation.ts'
import type { Outbox, Parcel, Verdict } from './outbox.ts'
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
  /** Says that an event is given up. */
  giveUp(event: AsynchronousEvent, words: string): void
}

/** What is kept of an event. */
interface Kept extends AsynchronousEvent {
  /** How often the function failed, and how often there was no room for it. */
  readonly failures?: number
  readonly throttles?: number
}

// Source: "How Lambda handles errors and retries with asynchronous invocation": two more tries, after one and two
// minutes; without room from one second, doubling, to five minutes; six hours in all.
const RETRIES = [60_000, 120_000]
const FIRST_WAIT = 1000
const LONGEST_WAIT = 300_000
const OLDEST = 6 * 3_600_000

/** Opens it on what the outbox holds. */
export function openAsynchronous(ground: AsynchronousGround): Asynchronous {
  const { store, outbox, ready } = ground
  outbox.serve<Kept>('lambda', async (parcel) => {
    await ready
    return work(parcel, ground)
  })
  return { start: (event) => store.commit((writer) => outbox.post(writer, 'lambda', event)) }
}

async function work({ body, posted }: Parcel<Kept>, ground: AsynchronousGround): Promise<Verdict> {
  const { failures = 0, throttles = 0, ...event } = body
  const { failed, fault } = await ground.invoke(event)
  const giveUp = (words: string): Verdict => {
    ground.giveUp(event, words)
    return 'done'
  }
  if (!failed) return 'done'
  if (fault === 'unknown function') return giveUp('the app does not have the function any more')
  if (fault === 'throttled') {
    const again = Math.min(FIRST_WAIT * 2 ** throttles, LONGEST_WAIT)
    if (ground.clock.now() + again - posted > OLDEST) return giveUp('there was no room for it for six hours')
    return { again, body: { ...event, failures, throttles: throttles + 1 } }
  }
  const again = RETRIES[failures]
  if (again === undefined) return giveUp(`it failed ${failures + 1} times`)
  return { again, body: { ...event, failures: failures + 1, throttles } }
}
