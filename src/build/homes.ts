// Where declarations live in the user's files, so that a function's entry can import just what it wakes.
import { identitiesOf } from './declared.ts'
import type { Found } from './describe.ts'
import type { Discovery } from './discover.ts'
import { isExported, type Sources } from './sources.ts'
import type { Source } from './syntax.ts'

/** A top-level name of a file. */
export interface Home {
  readonly file: string
  readonly local: string
  /** The name under which the file itself exports it. */
  readonly exported: string | undefined
}

/** Per file the names of declarations; and per identity, where it lives. */
export function placesOf(all: readonly Found[], sources: Sources): Pick<Discovery, 'names' | 'homes'> {
  const names = new Map<string, Map<string, string>>()
  const homes = new Map<string, Home>()
  for (const found of all) {
    const { binding, place } = found
    const identities = identitiesOf(found).map((path) => path.join('.'))
    const [identity] = identities
    const source = sources.get(place.file)
    if (binding === undefined || identity === undefined || source === undefined) continue
    const home = { file: place.file, local: binding.name, exported: exportedAs(source, binding.name) }
    if (isItself(found, source)) for (const one of identities) homes.set(one, home)
    // A name that holds several declarations, or something that merely made one, is not exported itself.
    if (!isExported(source, binding.name)) continue
    const inFile = names.get(place.file) ?? new Map<string, string>()
    names.set(place.file, inFile.set(binding.name, identity))
  }
  return { names, homes }
}

function exportedAs({ module }: Source, local: string): string | undefined {
  const entries = module.staticExports.flatMap((one) => one.entries)
  const found = entries.find((one) => one.localName.name === local && one.moduleRequest === null && !one.isType)
  // `export default` has a name of its own kind.
  return found?.exportName.name ?? undefined
}

// Whether the name holds the declaration, and not something that has it inside: `const made = [route(…)]`, `wrap(route(…))`.
function isItself({ binding, recorded }: Found, { calls, text }: Source): boolean {
  const call = binding?.call
  if (call === undefined) return false
  const direct = calls.find(({ start, end }) => start === call.start && end === call.end)
  const { role, trigger, kind, mounted } = recorded
  if (direct !== undefined)
    return FACTORY[toKey(role, trigger, mounted !== undefined)] === direct.factory && kind === undefined
  // `jobs.onMessage(…)`, `photos.on(…)`, `orders.to(…)`
  return (
    recorded.source !== undefined && /^[\w$.]+\.(?:on(?:[A-Z]\w*)?|to)\s*[(<]/.test(text.slice(call.start, call.end))
  )
}

const toKey = (role: string, trigger = '', isMount = false): string =>
  isMount ? 'mount' : role === 'function' ? trigger : role

const FACTORY: Readonly<Record<string, string>> = {
  http: 'route',
  schedule: 'schedule',
  lambda: 'lambda',
  authorizer: 'authorizer',
  group: 'group',
  mount: 'mount',
}
