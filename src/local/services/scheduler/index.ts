// The local EventBridge Scheduler: schedules for clients over the wire, and for the app's own triggers in the same process.
import type { Ground, Mail, Service } from '../../service.ts'
import { answer } from './answer.ts'
import { serveFirings } from './delivery.ts'
import { ensureSchedule, keepSchedules, type WantedSchedule } from './own.ts'
import type { Room } from './state.ts'
import { armAll } from './timers.ts'

export interface Scheduler extends Service {
  /** Makes the app's own schedule, or gives the one that is there these settings. */
  ensureSchedule(wanted: WantedSchedule): Promise<void>
  /** Removes what `ensureSchedule` ever made and has none of these names. */
  keepSchedules(names: ReadonlySet<string>): Promise<void>
}

/** Opens Scheduler on what the store holds, and goes on with what is still to be delivered. */
export function openScheduler({ store, clock }: Ground, mail: Mail): Scheduler {
  const room: Room = { store, clock, mail, timers: new Map() }
  serveFirings(room)
  armAll(room)
  return {
    handle: (request) => answer(room, request),
    ensureSchedule: (wanted) => ensureSchedule(room, wanted),
    keepSchedules: (names) => keepSchedules(room, names),
  }
}
