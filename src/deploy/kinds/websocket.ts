// WebSocket APIs and their routes in the template.
import type { WebsocketModel, WebsocketTriggerModel } from '../../model/index.ts'
import { websocketApi, websocketRoute } from '../apis/websocket.ts'
import type { MakeResource, MakeTrigger } from '../making.ts'

export const websocketResource: MakeResource<WebsocketModel> = websocketApi
export const websocket: MakeTrigger<WebsocketTriggerModel> = websocketRoute
