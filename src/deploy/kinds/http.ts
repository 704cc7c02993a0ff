// Routes in the template: one of an HTTP API, or a method of a REST API. A function URL takes everything.
import type { ApiModel, HttpTriggerModel } from '../../model/index.ts'
import { httpRoute } from '../template/apis/http.ts'
import { restMethod } from '../template/apis/rest.ts'
import type { MakeTrigger } from '../template/making.ts'

const DOORS = {
  http: httpRoute,
  rest: restMethod,
  url: () => ({}),
} satisfies Record<ApiModel['door'], MakeTrigger<HttpTriggerModel>>

export const http: MakeTrigger<HttpTriggerModel> = (trigger, making) => DOORS[making.model.api.door](trigger, making)
