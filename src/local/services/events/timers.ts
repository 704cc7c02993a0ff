// The rules that wake by a schedule: one alarm for each, set anew when it has rung or the rule has changed.
import { randomUUID } from 'node:crypto'
import { toScheduleEvent } from '../../../aws/events/schedule.ts'
import { nextFire } from '../../../aws/schedule.ts'
import type { Alarm } from '../../clock.ts'
import { ACCOUNT, REGION } from '../../service.ts'
import { under } from '../../store.ts'
import { postTo } from './delivery.ts'
import { findRule, type Room, type Rule } from './state.ts'

export type Timers = Map<string, Alarm>

const MINUTE = 60_000

const keyOf = ({ bus, name }: Pick<Rule, 'bus' | 'name'>): string => `${bus}/${name}`

/** Sets the alarms of all rules. What fell due while nothing ran is not made up for, as on AWS. */
export function armAll(room: Room): void {
  for (const { value } of room.store.range<Rule>(under('events', 'rule'))) arm(room, value)
}

export function disarm(room: Room, rule: Pick<Rule, 'bus' | 'name'>): void {
  room.timers.get(keyOf(rule))?.cancel()
  room.timers.delete(keyOf(rule))
}

/** Sets the alarm of a rule, or takes it away where the rule has no schedule or sleeps. */
export function arm(room: Room, rule: Rule, after = room.clock.now()): void {
  disarm(room, rule)
  if (rule.schedule === undefined || rule.state === 'DISABLED') return
  const time = nextFire(rule.schedule, after, rule.since)
  if (time === undefined) return
  const alarm = room.clock.at(time, () => {
    const now = findRule(room.store, rule.bus, rule.name)
    if (now === undefined) return
    // A machine that slept does not make up for what it missed: it is at most a minute late, as AWS may be.
    arm(room, now, Math.max(time, room.clock.now() - MINUTE))
    return fire(room, now, time)
  })
  room.timers.set(keyOf(rule), alarm)
}

async function fire(room: Room, rule: Rule, time: number): Promise<void> {
  if (rule.targets.length === 0) return
  const event = toScheduleEvent({ id: randomUUID(), account: ACCOUNT, region: REGION, time, rule: rule.name })
  const text = JSON.stringify(event)
  await room.store.commit((writer) => {
    for (const { Id } of rule.targets) postTo(room, writer, { rule, target: Id, event: text, ingested: time })
  })
}
