// A local EventBridge or Scheduler with its client in front.
import { EventBridgeClient } from '@aws-sdk/client-eventbridge'
import { SchedulerClient } from '@aws-sdk/client-scheduler'
import { type Events, openEvents } from '../../src/local/services/events/index.ts'
import { openScheduler, type Scheduler } from '../../src/local/services/scheduler/index.ts'
import { openRig, type Rig } from './rig.ts'

export { type Rig, START } from './rig.ts'

export type EventsRig = Rig<Events, EventBridgeClient>

export const openEventsRig = (): Promise<EventsRig> => openRig(openEvents, (options) => new EventBridgeClient(options))

export const openSchedulerRig = (): Promise<Rig<Scheduler, SchedulerClient>> =>
  openRig(openScheduler, (options) => new SchedulerClient(options))
