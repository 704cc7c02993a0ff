// What an action is: input in, output or ServiceError out.
import type { JsonObject } from '../../../aws/protocol/json.ts'
import type { Room } from './room.ts'

export interface Call {
  readonly room: Room
  readonly input: JsonObject
}

/** Answers an object, or its JSON where the items in it are JSON already. */
export type Action = (call: Call) => Promise<JsonObject | string>
