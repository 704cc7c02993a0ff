// The app's APIs, as API Gateway shows them.
import type { Model } from '../../model/index.ts'
import { functionArn } from '../environment.ts'
import { pathOf } from '../gateway/websocket/address.ts'
import type { ApiFacts } from '../services/apigateway/index.ts'
import { tagsOf } from './names.ts'

/** All that API Gateway has of the app. `url` is the app's own port, `base` what its routes begin with. */
export const toApis = (model: Model, { url, base }: { readonly url: string; readonly base: string }): ApiFacts[] => [
  ...toApi(model, url + base),
  ...toWebsockets(model, url),
]

// None where there are no routes, or a function URL.
function toApi(model: Model, endpoint: string): ApiFacts[] {
  const { door, stage } = model.api
  const routes = model.triggers.flatMap((trigger) => {
    const made = model.functions.find(({ name }) => name === trigger.function)
    if (trigger.kind !== 'http' || trigger.synthetic || made === undefined) return []
    return [{ method: trigger.method, path: trigger.path, functionArn: functionArn(made) }]
  })
  if (door === 'url' || routes.length === 0) return []
  const name = `${model.app}-${model.stage}`
  // What the events say of it too.
  return [{ door, id: API_ID, name, endpoint, stage, tags: tagsOf(model), routes }]
}

const API_ID = 'local'

function toWebsockets(model: Model, url: string): ApiFacts[] {
  const all = model.resources.filter((made) => made.kind === 'websocket')
  return all.map((made) => {
    const { apiId: id, physicalName: name, stage, select } = made
    const routes = model.triggers.flatMap((trigger) => {
      const woken = model.functions.find((one) => one.name === trigger.function)
      if (trigger.kind !== 'websocket' || trigger.websocket !== made.name || woken === undefined) return []
      return [{ method: '', path: trigger.route, functionArn: functionArn(woken) }]
    })
    // As on AWS, the stage is no part of it.
    const endpoint = url.replace('http:', 'ws:') + pathOf(made, all).slice(0, -stage.length - 1)
    return { door: 'websocket', id, name, endpoint, stage, select, tags: tagsOf(model), routes }
  })
}
