// What is there without being declared: `process`, `Object`, `Promise`, `JSON` … and the names of CommonJS.
import { idOf, type Node } from './ast.ts'
import { ANYTHING, type Atom, just, NOTHING, native, one, text, UNDEFINED, unknown, type Values } from './atoms.ts'
import { elementAt, elements, entriesOf, inOrder, listInOrder, listOf } from './elements.ts'
import { callPlatform } from './externals.ts'
import { Thing } from './heap.ts'
import { argument, type Given, given, type Machine, type Site, type Unit } from './machine.ts'
import { fillMap } from './map-members.ts'
import { toValues } from './modules.ts'
import { spread } from './spread.ts'
import { compute, concatenate, join, mapValues, textsOf } from './values.ts'

export function globalValue(_: Node, name: string, unit: Unit, machine: Machine): Values {
  if (name === 'undefined') return UNDEFINED
  if (name === 'module') return just(unit.module.common)
  if (name === 'exports') return unit.module.common.own('exports', unit)
  if (name === 'require') return just(native('require', { call: (handed, site) => required(handed, site, unit) }))
  if (name === 'process') return just(processOf(machine))
  if (name === 'globalThis' || name === 'global')
    return just(
      native('globalThis', { read: (one) => (one === undefined ? ANYTHING : globalValue(_, one, unit, machine)) }),
    )
  const found = GLOBALS.get(name)
  return found ?? ANYTHING
}

const required = (handed: Given, site: Site, unit: Unit): Values =>
  site.machine.modules.require(
    textsOf(argument(handed, 0)).filter((one) => one !== undefined),
    unit.module,
    site,
    false,
  )

/** `process.env` by the function's variables. */
export function processOf(machine: Machine): Atom {
  const env = native('process.env', {
    read: (name) => {
      if (name === undefined)
        return join(ANYTHING, ...[...machine.surroundings.env.values()].map((value) => one(value)))
      const value = machine.surroundings.env.get(name)
      return value === undefined ? just(unknown('environment', name)) : one(value)
    },
  })
  return native('process', { read: (name, site) => (name === 'env' ? just(env) : quietMember('process', name, site)) })
}

const quietMember = (_: string, __: string | undefined, ___: Site): Values => just(CALLS_BACK)

// A function of the platform: it calls what it is given.
const CALLS_BACK: Atom = native('calls-back', {
  call: callPlatform,
  construct: callPlatform,
  read: () => just(CALLS_BACK),
})

type Call = (handed: Given, site: Site) => Values

function members(
  id: string,
  calls: Readonly<Record<string, Call>>,
  itself: Partial<{ call: Call; construct: Call }> = {},
): Values {
  return just(
    native(id, {
      ...itself,
      read: (name) => {
        const call = name !== undefined && Object.hasOwn(calls, name) ? calls[name] : undefined
        return call === undefined ? just(CALLS_BACK) : just(native(`${id}.${name}`, { call }))
      },
    }),
  )
}

const first: Call = (handed) => argument(handed, 0)
const isThing = (value: unknown): value is Thing => value instanceof Thing

function thingAt(what: string, shape: Thing['shape'], { machine, node, unit }: Site): Thing {
  const id = `${what}:${idOf(node)}/${unit.id}`
  return machine.once(id, () => new Thing(id, shape), isThing)
}

const OBJECT: Readonly<Record<string, Call>> = {
  keys: (handed, site) => {
    const all = entriesOf(argument(handed, 0), site)
    return listInOrder(all.map(([name]) => name).slice(0, 200), NOTHING, 'keys', site)
  },
  values: (handed, site) => {
    const all = entriesOf(argument(handed, 0), site)
    return listInOrder(all.map(([, held]) => held).slice(0, 200), NOTHING, 'values', site)
  },
  entries: (handed, site) => {
    const all = entriesOf(argument(handed, 0), site).slice(0, 200)
    const pairs = all.map(([name, held], index) => listInOrder([name, held], NOTHING, `entry${index}`, site))
    return listInOrder(pairs, NOTHING, 'entries', site)
  },
  fromEntries: (handed, site) => {
    const made = thingAt('fromEntries', 'plain', site)
    for (const pair of elements(argument(handed, 0), site).values()) {
      const name = elementAt(just(pair), 0, site)
      site.machine.write(just(made), textsOf(name), elementAt(just(pair), 1, site), site)
    }
    return just(made)
  },
  assign: (handed, site) => {
    const target = argument(handed, 0)
    for (const atom of target.values()) {
      const to =
        atom instanceof Thing ? atom : atom.kind === 'class' || atom.kind === 'function' ? atom.statics : undefined
      if (to === undefined) continue
      for (const source of handed.list.slice(1)) spread(source, to, site.unit, site.machine)
    }
    return target
  },
  freeze: first,
  seal: first,
  create: (handed, site) => {
    const made = thingAt('create', 'plain', site)
    site.machine.put(
      made.bases,
      mapValues(argument(handed, 0), (atom) => (atom instanceof Thing ? just(atom) : NOTHING)),
    )
    return just(made)
  },
  defineProperty: (handed, site) => {
    const described = argument(handed, 2)
    const value = join(
      site.machine.read(described, ['value'], site),
      site.machine.call(site.machine.read(described, ['get'], site), NOTHING, given(), site),
    )
    site.machine.write(argument(handed, 0), textsOf(argument(handed, 1)), value, site)
    return argument(handed, 0)
  },
}

const PROMISE: Readonly<Record<string, Call>> = {
  resolve: first,
  all: (handed, site) => settledList(argument(handed, 0), site),
  race: (handed, site) => elements(argument(handed, 0), site),
  any: (handed, site) => elements(argument(handed, 0), site),
  allSettled: (handed, site) => {
    const made = thingAt('settled', 'plain', site)
    site.machine.enter(made, 'value', elements(argument(handed, 0), site))
    return listOf(just(made), 'allSettled', site)
  },
  reject: () => NOTHING,
}

const settledList = (values: Values, site: Site): Values =>
  mapValues(values, (atom) =>
    atom instanceof Thing && atom.shape === 'array' ? just(atom) : listOf(elements(just(atom), site), 'all', site),
  )

const promise: Call = (handed, site) => {
  const made = thingAt('promise', 'array', site)
  const settle = just(
    native(`settle:${made.id}`, {
      call: (values, at) => {
        at.machine.put(made.rest, argument(values, 0))
        return UNDEFINED
      },
    }),
  )
  site.machine.call(argument(handed, 0), NOTHING, given(settle, settle), site)
  const settled = made.rest.see(site.unit)
  return settled.size === 0 ? ANYTHING : settled
}

const map =
  (what: 'map' | 'set'): Call =>
  (handed, site) => {
    const made = thingAt(what, 'map', site)
    if (handed.list.length === 0) return just(made)
    for (const element of elements(argument(handed, 0), site).values()) {
      if (what === 'set') fillMap(made, NOTHING, just(element), site)
      else fillMap(made, elementAt(just(element), 0, site), elementAt(just(element), 1, site), site)
    }
    return just(made)
  }

const arrayOf: Call = (handed, site) => {
  const values = elements(argument(handed, 0), site)
  if (handed.list.length < 2) return listOf(values, 'from', site)
  return listOf(site.machine.call(argument(handed, 1), NOTHING, given(values, ANYTHING), site), 'from', site)
}

// What a proxy is asked for is its target's, or what its traps give.
const proxied: Call = (handed, site) => {
  const [target, traps] = [argument(handed, 0), argument(handed, 1)]
  const id = `proxy:${idOf(site.node)}/${site.unit.id}:${[...target.keys()].join()}`
  const trap = (name: string, given: Given, at: Site): Values =>
    at.machine.call(at.machine.read(traps, [name], at), traps, given, at)
  return just(
    native(id, {
      read: (name, at) =>
        join(
          at.machine.read(target, [name], at),
          trap('get', given(target, name === undefined ? ANYTHING : one(name), ANYTHING), at),
        ),
      call: (values, at, self) =>
        join(
          at.machine.call(target, self, values, at),
          trap('apply', given(target, self, listInOrder(values.list, values.rest, 'applied', at)), at),
        ),
      construct: (values, at) => at.machine.construct(target, values, at),
    }),
  )
}

const rawText: Call = (handed, site) => {
  const { list: strings } = inOrder(site.machine.read(argument(handed, 0), ['raw'], site), site)
  const { list: plain } = inOrder(argument(handed, 0), site)
  const parts = strings.length > 0 ? strings : plain
  return concatenate(parts.flatMap((part, index) => (index === 0 ? [part] : [argument(handed, index), part])))
}

// A symbol is a name that nobody else has.
const WELL_KNOWN: Readonly<Record<string, string>> = {
  iterator: '[iterator]',
  asyncIterator: '[iterator]',
  dispose: '[dispose]',
  asyncDispose: '[dispose]',
}

const SYMBOL: Atom = native('Symbol', {
  call: (_, { node, unit }) => one(`[symbol ${idOf(node)}/${unit.id}]`),
  read: (name) => {
    if (name === 'for')
      return just(
        native('Symbol.for', { call: (handed) => concatenate([one('[symbol '), argument(handed, 0), one(']')]) }),
      )
    return one(WELL_KNOWN[name ?? ''] ?? `[${name}]`)
  },
})

const REFLECT: Readonly<Record<string, Call>> = {
  get: (handed, site) => site.machine.read(argument(handed, 0), textsOf(argument(handed, 1)), site),
  apply: (handed, site) =>
    site.machine.call(argument(handed, 0), argument(handed, 1), inOrder(argument(handed, 2), site), site),
  construct: (handed, site) => site.machine.construct(argument(handed, 0), inOrder(argument(handed, 1), site), site),
  set: (handed, site) => {
    site.machine.write(argument(handed, 0), textsOf(argument(handed, 1)), argument(handed, 2), site)
    return ANYTHING
  },
}

const url: Call = (handed) => argument(handed, 0)

const parsed: Call = (handed, site) => {
  const revived = handed.list[1]
  if (revived !== undefined) site.machine.call(revived, NOTHING, given(ANYTHING, ANYTHING), site)
  return mapValues(argument(handed, 0), (atom) => {
    if (atom.kind === 'unknown' && atom.origin === 'event') return just(unknown('event', `${atom.path}.$`))
    if (atom.kind !== 'known' || typeof atom.value !== 'string') return ANYTHING
    try {
      return toValues(JSON.parse(atom.value), `parsed:${atom.id}`, site.machine)
    } catch {
      return ANYTHING
    }
  })
}

const GLOBALS: ReadonlyMap<string, Values> = new Map([
  ['Object', members('Object', OBJECT, { call: first })],
  ['Promise', members('Promise', PROMISE, { construct: promise })],
  ['JSON', members('JSON', { parse: parsed, stringify: () => ANYTHING })],
  [
    'Array',
    members(
      'Array',
      {
        from: arrayOf,
        of: (handed, site) => listInOrder(handed.list, handed.rest, 'of', site),
        isArray: () => ANYTHING,
        fromAsync: arrayOf,
      },
      { construct: (_, site) => listOf(NOTHING, 'array', site), call: (_, site) => listOf(NOTHING, 'array', site) },
    ),
  ],
  ['Map', members('Map', {}, { construct: map('map') })],
  ['WeakMap', members('WeakMap', {}, { construct: map('map') })],
  ['Set', members('Set', {}, { construct: map('set') })],
  ['WeakSet', members('WeakSet', {}, { construct: map('set') })],
  ['String', members('String', { raw: rawText }, { call: (handed) => textOf(argument(handed, 0)) })],
  ['Number', members('Number', {}, { call: (handed) => compute([argument(handed, 0)], (value) => Number(value)) })],
  ['Boolean', members('Boolean', {}, { call: (handed) => compute([argument(handed, 0)], (value) => Boolean(value)) })],
  ['Symbol', just(SYMBOL)],
  ['Proxy', just(native('Proxy', { construct: proxied }))],
  ['Reflect', members('Reflect', REFLECT)],
  ['URL', members('URL', {}, { construct: url })],
  ['structuredClone', just(native('structuredClone', { call: first }))],
  ...[decodeURI, decodeURIComponent, encodeURI, encodeURIComponent].map((convert): [string, Values] => [
    convert.name,
    just(native(convert.name, { call: (handed) => converted(argument(handed, 0), convert) })),
  ]),
  ...[
    'setTimeout',
    'setInterval',
    'setImmediate',
    'queueMicrotask',
    'console',
    'Math',
    'Date',
    'Buffer',
    'fetch',
    'RegExp',
    'Intl',
  ].map((name): [string, Values] => [name, just(CALLS_BACK)]),
])

// What is known of a text, converted part by part.
const converted = (values: Values, convert: (text: string) => string): Values =>
  mapValues(values, (atom) => {
    try {
      if (atom.kind === 'known') return one(convert(String(atom.value)))
      if (atom.kind === 'text') return just(text(atom.parts.map((part) => (part === undefined ? part : convert(part)))))
    } catch {
      // What cannot be converted throws when it runs, too.
    }
    return ANYTHING
  })

// A text as it is; other values as nobody knows.
const textOf = (values: Values): Values =>
  mapValues(values, (atom) =>
    atom.kind === 'known'
      ? one(String(atom.value))
      : atom.kind === 'text' || atom.kind === 'unknown'
        ? just(atom)
        : ANYTHING,
  )
