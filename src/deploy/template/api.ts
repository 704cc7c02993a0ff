// The front door that all routes share, in the template: an HTTP API, a REST API or function URLs; and what they are called.
import type { ApiModel, HttpTriggerModel } from '../../model/index.ts'
import { API_ID, API_STAGE_ID, REST_API_ID, REST_STAGE_ID } from '../ids.ts'
import type { Part } from '../template.ts'
import { domainPart } from './apis/domain.ts'
import { httpApi } from './apis/http.ts'
import { restApi } from './apis/rest.ts'
import { functionUrls } from './apis/url.ts'
import type { Making } from './making.ts'

type MakeDoor = (routes: readonly HttpTriggerModel[], making: Making) => Part

const DOORS = { http: httpApi, rest: restApi, url: functionUrls } satisfies Record<ApiModel['door'], MakeDoor>

export const routesOf = ({ model }: Making): HttpTriggerModel[] => model.triggers.filter((one) => one.kind === 'http')

/** What all routes share; nothing in an app without any. The routes themselves are their triggers' parts. */
export function toApi(making: Making): Part {
  const routes = routesOf(making)
  if (routes.length === 0) return {}
  return { ...DOORS[making.model.api.door](routes, making), ...toDomain(making) }
}

function toDomain({ model, known }: Making): Part {
  const { door, stage, domain } = model.api
  // A function URL has none: the model has complained.
  if (domain === undefined || door === 'url') return {}
  const mapped = door === 'http' ? { api: API_ID, stageId: API_STAGE_ID } : { api: REST_API_ID, stageId: REST_STAGE_ID }
  return domainPart(domain, { ...mapped, stage }, known)
}
