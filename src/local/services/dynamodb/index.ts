// The local DynamoDB: tables for clients over the wire, and streams for the triggers in the same process.
import type { Ground, Service } from '../../service.ts'
import { answer } from './answer.ts'
import type { Room } from './room.ts'

export interface DynamoDb extends Service {}

/** Opens DynamoDB on what the store holds. */
export function openDynamoDb({ store, clock }: Ground): DynamoDb {
  const room: Room = { store, clock, tables: new Map() }
  return { handle: (request) => answer(room, request) }
}
