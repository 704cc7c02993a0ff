// The local EventBridge Scheduler: schedules for clients over the wire.
import type { Ground, Mail, Service } from '../../service.ts'
import { answer } from './answer.ts'
import { serveFirings } from './delivery.ts'
import type { Room } from './state.ts'
import { armAll } from './timers.ts'

/** Opens Scheduler on what the store holds, and goes on with what is still to be delivered. */
export function openScheduler({ store, clock }: Ground, mail: Mail): Service {
  const room: Room = { store, clock, mail, timers: new Map() }
  serveFirings(room)
  armAll(room)
  return { handle: (request) => answer(room, request) }
}
