// What an action is: input in, output or ServiceError out, whichever protocol brought it.
import type { JsonObject } from '../../../aws/protocol/json.ts'
import type { Room } from './room.ts'

export interface Call {
  readonly room: Room
  readonly input: JsonObject
  /** The endpoint the client used: queue URLs start with it. */
  readonly endpoint: string
  /** Aborted when the client is gone before it has its answer. Asked for only by who waits: listening costs. */
  readonly signal?: () => AbortSignal | undefined
}

/** Answers undefined where the action has no output. */
export type Action = (call: Call) => Promise<JsonObject | undefined>
