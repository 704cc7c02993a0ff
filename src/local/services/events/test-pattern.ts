// TestEventPattern: whether an event matches, without a rule.
import type { JsonObject } from '../../../aws/protocol/json.ts'
import { requiredText } from './input.ts'
import { parsedObject, readPattern } from './matching.ts'
import { invalid } from './problems.ts'
import type { Room } from './state.ts'

export async function testEventPattern(_room: Room, input: JsonObject): Promise<JsonObject> {
  const pattern = requiredText(input, 'EventPattern', { required: true })
  const event = parsedObject(requiredText(input, 'Event', { required: true }))
  // Recorded, of a text that is no object.
  if (event === undefined) throw invalid('Parameter Event is not valid.')
  return { Result: readPattern(pattern)(event) }
}
