// WebSocket APIs and their routes in the template.
import type { WebsocketModel, WebsocketTriggerModel } from '../../model/index.ts'
import { websocketApi, websocketRoute } from '../template/apis/websocket.ts'
import type { MakeResource, MakeTrigger } from '../template/making.ts'

export const websocketResource: MakeResource<WebsocketModel> = websocketApi
export const websocket: MakeTrigger<WebsocketTriggerModel> = websocketRoute
