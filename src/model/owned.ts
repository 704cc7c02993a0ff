// What a function is granted besides what its code needs: for being a function, for what wakes it, and what the app asks for.
import { connectionsArn, functionArn, resourceArn } from './arns.ts'
import type { TriggerKind } from './kinds.ts'
import type { FunctionModel, Model, TriggerModel } from './model.ts'
import { ends, network, ownLog, traces } from './owned/function.ts'
import type { Need, Owning } from './owned/grant.ts'
import { queue } from './owned/queue.ts'
import { stream } from './owned/stream.ts'
import { table } from './owned/table.ts'
import { websocket } from './owned/websocket.ts'
import type { Grant } from './permissions.ts'

type ByKind = { [Trigger in TriggerModel as Trigger['kind']]: Trigger }

/** Who wakes it calls Lambda with a permission of its own: nothing for the function's role. */
const none = (): Need[] => []

const KINDS: { readonly [Kind in TriggerKind]: (trigger: ByKind[Kind], app: Owning) => Need[] } = {
  http: none,
  queue,
  topic: none,
  bucket: none,
  table,
  stream,
  bus: none,
  schedule: none,
  lambda: none,
  authorizer: none,
  websocket,
}

const needsOf = <Kind extends TriggerKind>(kind: Kind, trigger: ByKind[Kind], app: Owning): Need[] =>
  KINDS[kind](trigger, app)

function toOwning(model: Model): Owning {
  return {
    place: model,
    arnOf: (kind, name) => {
      if (kind === 'function') {
        const made = model.functions.find((one) => one.name === name)
        return made === undefined ? undefined : functionArn(made, model)
      }
      const found = model.resources.find((one) => one.kind === kind && one.name === name)
      if (found?.kind === 'websocket') return connectionsArn(found, 'POST', model)
      return found === undefined ? undefined : resourceArn(found, model)
    },
  }
}

/** Everything that the function is granted besides what its code needs; of one whose role is somebody else's, nothing. */
export function ownGrants(made: FunctionModel, model: Model): Grant[] {
  if (made.role !== undefined) return []
  const app = toOwning(model)
  const woken = model.triggers.filter((one) => one.function === made.name)
  const goblets = [
    ...ownLog(made, app),
    ...woken.flatMap((one) => needsOf(one.kind, one, app)),
    ...ends(made, app),
    ...traces(made),
    ...network(made, app),
  ]
  return [...toGrants('goblet', goblets), ...toGrants('app', made.permissions)]
}

function toGrants(by: Grant['by'], needs: readonly Need[]): Grant[] {
  return needs.flatMap(({ actions, resources, why, where }) =>
    actions.flatMap((action) => resources.map((resource): Grant => ({ action, resource, by, chain: [where], why }))),
  )
}
