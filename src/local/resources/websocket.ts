// The app's WebSocket APIs, as the gateway opens them.
import type { Model } from '../../model/index.ts'
import type { ServedApi } from '../gateway/websocket/index.ts'

/** All of them: how many there are says under which paths they are. */
export function toServedApis({ resources, triggers, functions }: Model): ServedApi[] {
  const routes = triggers.filter((trigger) => trigger.kind === 'websocket')
  return resources
    .filter((made) => made.kind === 'websocket')
    .map((made) => ({ made, functions, triggers: routes.filter(({ websocket }) => websocket === made.name) }))
}
