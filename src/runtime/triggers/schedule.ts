// A schedule's event enters here.
import type { Context } from '../../aws/context.ts'
import type { ScheduleEvent } from '../../aws/events/schedule.ts'
import type { Declaration } from '../declare.ts'
import { opened } from '../wake.ts'

/** The Lambda handler of one schedule. */
export function wakeSchedule(declaration: Declaration): (event: ScheduleEvent, context: Context) => Promise<unknown> {
  const { handler } = opened<(event: ScheduleEvent, context: Context) => unknown>(declaration)
  return async (event, context) => handler(event, context)
}
