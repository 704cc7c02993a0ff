// Authorizers in the template. Each API has one of its own, made with it: see apis/http-auth.ts, apis/rest-auth.ts, apis/websocket.ts.
import type { AuthorizerTriggerModel } from '../../model/index.ts'
import type { MakeTrigger } from '../template/making.ts'

export const authorizer: MakeTrigger<AuthorizerTriggerModel> = () => ({})
