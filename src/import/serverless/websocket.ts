// Routes of the WebSocket API, of which a service has one.
import { type CodeMap, toIdentifier } from '../code.ts'
import { type Node, ownOf, textOf } from '../node.ts'
import type { Section } from '../section.ts'
import type { Authorizers } from './authorizers.ts'
import type { Context } from './context.ts'
import type { Reading } from './function.ts'

export class Sockets {
  readonly #context: Context
  readonly #options: CodeMap
  readonly #name: string
  readonly #routes = new Map<string, string>()
  #handle: string | undefined
  #auth: CodeMap[string]

  constructor(context: Context, provider: Section) {
    this.#context = context
    const name = provider.text('websocketsApiName')
    const select = provider.text('websocketsApiRouteSelectionExpression')
    provider.text('websocketsDescription')
    const prefix = `${context.service}-${context.stage}-`
    // What is called after the service alone is the app's only one.
    this.#name = name?.startsWith(prefix) ? name.slice(prefix.length) : 'websocket'
    this.#options = {
      physicalName:
        name === undefined || name.startsWith(prefix) || !/^[A-Za-z0-9_.-]{1,128}$/.test(name) ? undefined : name,
      select: select === '$request.body.action' ? undefined : select,
    }
  }

  read(reading: Reading, event: Section, value: Node | undefined, authorizers: Authorizers): void {
    const route = textOf(value) ?? event.text('route')
    const auth = authorizers.ofWebsocket(event)
    if (event.text('routeResponseSelectionExpression') !== undefined)
      event.hand(
        'routeResponseSelectionExpression',
        'sends back what the handler returns as its body; a handler of Goblet sends with `reply(…)`, or returns a value: `raw` keeps what it returns from the client.',
      )
    event.close({ mapped: ['route', 'authorizer'] })
    if (route === undefined) {
      event.report.hand(event.where, event.path, 'names no route.')
      return
    }
    const before = this.#routes.get(route)
    if (before !== undefined) {
      event.report.hand(event.where, event.path, `the route ${route} is there already, as \`${before}\`.`)
      return
    }
    if (auth !== undefined && route === '$connect') this.#auth = auth
    this.#declare(reading, route, event)
  }

  #declare(reading: Reading, route: string, event: Section): void {
    const { draft } = this.#context
    this.#handle ??= draft.name(this.#name === 'websocket' ? 'sockets' : toIdentifier(this.#name))
    const method = ownOf(METHODS, route)
    const name = reading.constName(method === undefined ? route : method.slice(2))
    this.#routes.set(route, name)
    const given = method === undefined ? [route] : []
    draft.declare(name, `${this.#handle}.${method ?? 'on'}`, [...given, reading.options, reading.handler])
    event.report.mapped(event.where, event.path, `\`${name}\`: ${this.#handle}.${method ?? `on('${route}')`}`)
  }

  /** Declares the API once all its routes are known. */
  close(): void {
    if (this.#handle === undefined) return
    const { draft } = this.#context
    const auth = this.#auth === undefined ? {} : { auth: this.#auth }
    draft.declare(this.#handle, 'websocket', [this.#name, { ...this.#options, ...auth }])
  }
}

const METHODS: Readonly<Record<string, string>> = {
  $connect: 'onConnect',
  $disconnect: 'onDisconnect',
  $default: 'onDefault',
}
