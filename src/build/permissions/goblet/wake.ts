// Wakes a function of an app as its bundle does: the handler of each of its exports, with the middleware around it.
import type { FunctionModel } from '../../../model/index.ts'
import { ANYTHING, just, NOTHING, native, one, unknown, type Values } from '../atoms.ts'
import { elements } from '../elements.ts'
import { callBack } from '../externals.ts'
import { tagOf } from '../facts.ts'
import { Thing } from '../heap.ts'
import { type Given, given, type Site } from '../machine.ts'
import type { Module } from '../modules.ts'
import type { DeclarationTag } from '../tags.ts'
import { concatenate, join, joinAll } from '../values.ts'
import { handleMember } from './handles.ts'

/** Calls everything that runs when the function is woken. Gives the exports that it could not find. */
export function wake(module: Module, made: FunctionModel, site: Site): string[] {
  const { machine } = site
  const namespace = machine.modules.namespace(module, site)
  for (const [name, values] of namespace.entries(site.unit))
    for (const declared of declarations(values))
      if (declared.tag.factory === 'lambda') machine.identities.set(declared.id, name)
  const app = declarations(machine.modules.exported(module, 'default', site) ?? NOTHING)
  const outer = app.flatMap(({ tag }) => tag.arguments.map((cell) => cell.see(site.unit)))
  return made.exports.filter((identity) => {
    const [first = '', ...path] = identity.split('.')
    const start = machine.modules.exported(module, first, site) ?? NOTHING
    return !wakeIn(start, path, outer, site)
  })
}

interface Declared {
  readonly id: string
  readonly tag: DeclarationTag
}

const declarations = (values: Values): Declared[] =>
  [...values.values()].flatMap((atom) => {
    const tag = tagOf(atom)
    return tag?.type === 'declaration' ? [{ id: atom.id, tag }] : []
  })

// Down through the groups to the declaration; `options` are those of everything around it.
function wakeIn(values: Values, path: readonly string[], options: readonly Values[], site: Site): boolean {
  let isFound = false
  for (const { tag } of declarations(values)) {
    const given = tag.arguments.map((cell) => cell.see(site.unit))
    if (tag.factory !== 'group') {
      if (path.length > 0) continue
      call(tag, given, options, site)
      isFound = true
      continue
    }
    const [next, ...rest] = path
    const routes = given.at(-1) ?? NOTHING
    const own = given.slice(1, -1)
    if (wakeIn(site.machine.read(routes, [next], site), rest, [...options, ...own], site)) isFound = true
  }
  return isFound
}

function call(tag: DeclarationTag, all: readonly Values[], options: readonly Values[], site: Site): void {
  const { machine } = site
  const isMount = tag.factory === 'mount'
  const at = isMount ? 1 : all.findLastIndex((values) => [...values.values()].some(isCallable))
  const handler = all[at] ?? NOTHING
  const input = inputOf(tag, site)
  if (isMount) host(handler, site)
  else machine.call(handler, NOTHING, input, site)
  const first = input.list[0] ?? ANYTHING
  const next = just(native('goblet.next', { call: () => ANYTHING }))
  const own = isMount ? all.slice(2) : all.slice(0, Math.max(at, 0))
  for (const values of [...options, ...own]) {
    for (const atom of values.values()) {
      if (!(atom instanceof Thing)) continue
      const layers = elements(machine.read(just(atom), ['use'], site), site)
      machine.call(layers, NOTHING, given(middlewareInput(tag, first), next), site)
      machine.call(machine.read(just(atom), ['onError'], site), NOTHING, given(ANYTHING, ANYTHING), site)
    }
  }
}

// A hosted app calls, at any request, whatever it was given: its own code is that of a package, and is not read.
function host(app: Values, site: Site): void {
  const handed = given(ANYTHING, ANYTHING)
  callBack(app, handed, site)
  // What gives the app gives a promise of it, or of its module.
  const made = site.machine.call(app, NOTHING, given(), site)
  callBack(made, handed, site)
}

const isCallable = ({ kind }: { kind: string }): boolean => kind === 'function' || kind === 'bound' || kind === 'native'

// Around the routes of a WebSocket API, middleware can answer and send away, too.
const middlewareInput = ({ factory }: DeclarationTag, first: Values): Values =>
  factory.startsWith('websocket.on') ? first : just(unknown('event', 'input'))

// What a handler is given by its trigger.
function inputOf({ factory, source, arguments: all }: DeclarationTag, site: Site): Given {
  const record = just(unknown('event', 'Records.*'))
  if (/^bucket\.on/.test(factory)) {
    const options = joinAll(all.map((cell) => cell.see(site.unit)))
    return given(changedObject(source ?? NOTHING, keyOf(options, site), site), record)
  }
  if (/\.onMessage$|\.onChange$|\.onRecord$/.test(factory))
    return given(just(unknown('event', 'message')), record, ANYTHING)
  if (/\.onBatch$/.test(factory)) return given(just(unknown('event', 'batch')), ANYTHING, ANYTHING)
  if (factory.startsWith('websocket.on')) return given(connected(source ?? NOTHING), ANYTHING)
  if (factory === 'route') return given(just(unknown('event', 'request')), ANYTHING)
  return given(just(unknown('event', 'event')), ANYTHING)
}

// Whoever sent a message can be answered, and sent away.
const OF_CONNECTION: Readonly<Record<string, string>> = { reply: 'send', close: 'close' }

function connected(source: Values): Values {
  let all: Values = NOTHING
  for (const atom of source.values()) {
    const tag = tagOf(atom)
    if (tag?.type !== 'handle') continue
    const input = native(`connected:${atom.id}`, {
      read: (member, site) => {
        const method = Object.hasOwn(OF_CONNECTION, member ?? '') ? OF_CONNECTION[member ?? ''] : undefined
        if (method !== undefined) return handleMember('websocket', tag.name, method, site)
        return just(unknown('event', `message.${member ?? '*'}`))
      },
    })
    all = join(all, just(input))
  }
  return all.size === 0 ? ANYTHING : all
}

// The trigger says how keys begin and end.
function keyOf(options: Values, site: Site): Values {
  const part = (name: string): Values => {
    const held = [...options.values()].flatMap((atom) => (atom instanceof Thing ? [...atom.own(name, site.unit)] : []))
    return held.length === 0 ? one('') : new Map(held)
  }
  return concatenate([part('prefix'), ANYTHING, part('suffix')])
}

// An object that changed: its bucket is the trigger's, and it can be fetched.
function changedObject(source: Values, key: Values, { machine }: Site): Values {
  let all: Values = NOTHING
  for (const atom of source.values()) {
    const tag = tagOf(atom)
    if (tag?.type !== 'handle') continue
    const { name } = tag
    const identity = name === undefined ? undefined : machine.surroundings.identity('bucket', name)
    const changed = native(`changed:${atom.id}`, {
      read: (member, site) => {
        if (member === 'bucket') return identity === undefined ? ANYTHING : one(identity.name)
        if (member === 'key') return key
        if (member === 'get') {
          const get = handleMember('changed', name, 'get', site)
          return just(
            native(`changed:${atom.id}.get`, { call: (_, at) => at.machine.call(get, NOTHING, given(key), at) }),
          )
        }
        return just(unknown('event', `object.${member ?? '*'}`))
      },
    })
    all = join(all, just(changed))
  }
  return all.size === 0 ? ANYTHING : all
}
