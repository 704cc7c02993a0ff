// The local EventBridge: buses and rules for clients over the wire, and for the app's own triggers in the same process.
import type { Delivery, Ground, Mail, Service } from '../../service.ts'
import { toAnswer } from './answer.ts'
import { take } from './arrival.ts'
import { serveDeliveries } from './delivery.ts'
import { ensureBus, ensureRule, keepRules, type WantedRule } from './own.ts'
import { serveReplays } from './replays.ts'
import { busArn, busName, findBus, type Room } from './state.ts'
import { armAll } from './timers.ts'

export type { WantedRule, When } from './own.ts'

export interface Events extends Service {
  /** Whether there is a bus of this ARN. */
  find(arn: string): boolean
  /** Puts on a bus what another service sends it; `to` is the bus's ARN, `body` the event as JSON. */
  put(delivery: Delivery): Promise<void>
  /** Makes the bus, unless it is there. */
  ensureBus(name: string): Promise<void>
  /** Makes the app's own rule, or gives the one that is there these settings. Resolves with its ARN. */
  ensureRule(wanted: WantedRule): Promise<string>
  /** Removes what `ensureRule` ever made and is not among these ARNs. */
  keepRules(arns: ReadonlySet<string>): Promise<void>
}

/** Opens EventBridge on what the store holds, and goes on with what is still to be delivered. */
export function openEvents({ store, clock }: Ground, mail: Mail): Events {
  const room: Room = { store, clock, mail, compiled: new Map(), timers: new Map() }
  serveDeliveries(room)
  serveReplays(room)
  armAll(room)
  return {
    handle: toAnswer(room),
    find: (arn) => findBus(store, busName(arn)) !== undefined && busArn(busName(arn)) === arn,
    put: (delivery) => take(room, delivery),
    ensureBus: (name) => ensureBus(room, name),
    ensureRule: (wanted) => ensureRule(room, wanted),
    keepRules: (arns) => keepRules(room, arns),
  }
}
