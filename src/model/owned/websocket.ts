// What a WebSocket API's function does by itself: sends what its handler returns.
import type { WebsocketTriggerModel } from '../model.ts'
import { type Need, need, type Owning } from './grant.ts'

/** Of `$connect` and `$disconnect` nothing is sent: there is nobody yet, or no more. */
export const websocket = ({ websocket: name, route, where }: WebsocketTriggerModel, { arnOf }: Owning): Need[] =>
  route === '$connect' || route === '$disconnect'
    ? []
    : need(where, 'sending what the handler returns', ['execute-api:ManageConnections'], arnOf('websocket', name))
