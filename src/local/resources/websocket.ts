// The app's WebSocket APIs, opened at the gateway.
import type { Hub } from '../hub.ts'

/** Opens all of them at once: how many there are says under which paths they are. */
export function serveWebsockets({ model, gateway }: Pick<Hub, 'model' | 'gateway'>): void {
  const { functions } = model
  const triggers = model.triggers.filter((trigger) => trigger.kind === 'websocket')
  const apis = model.resources.flatMap((made) =>
    made.kind === 'websocket'
      ? [{ made, functions, triggers: triggers.filter(({ websocket }) => websocket === made.name) }]
      : [],
  )
  gateway.websockets.serve(apis)
}
