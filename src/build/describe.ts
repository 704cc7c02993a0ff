// From what the reader recorded to the description of the app, with every complaint at once.
import { resolve } from 'node:path'
import { type Complaint, complaint, GobletError, toPlace, type Where } from '../errors.ts'
import { toApp, toFunctions, toGroups, toResource, toSubscription } from './declared.ts'
import type { Discovery } from './discover.ts'
import { placesOf } from './homes.ts'
import { findNeverDeclared } from './never.ts'
import { type Locate, type Place, toWhere } from './places.ts'
import type { Read } from './read.ts'
import type { Recorded } from './reader.ts'
import { holds, type Sources, toOffset, toPosition } from './sources.ts'
import { suggest } from './suggest.ts'
import type { Binding } from './syntax.ts'

export interface DescribeGiven {
  readonly root: string
  /** Relative to the project. */
  readonly entry: string
  readonly read: Read
  readonly locate: Locate
  readonly sources: Sources
  /** The user's files that the entry reaches now. */
  readonly reached: readonly string[]
}

/** A declaration, where it stands and what it is called there. */
export interface Found {
  readonly recorded: Recorded
  readonly place: Place
  readonly where: Where
  /** The top-level name that holds it. */
  readonly binding: Binding | undefined
  /** The names under which the entry exports it. */
  readonly exports: readonly string[]
  /** The names under which it is in exported groups: `admin.list`. */
  readonly grouped: readonly (readonly string[])[]
}

/** Throws a GobletError that holds everything that is wrong. */
export function describe(given: DescribeGiven): Discovery {
  const { read, entry, sources } = given
  const all = disown(read.recorded.map((recorded, index) => find(given, recorded, index)))
  const complaints: Complaint[] = []

  const app = all.find(({ recorded, exports }) => recorded.role === 'app' && exports.includes('default'))
  if (app === undefined) complaints.push(complaint('GOBLET_NO_APP', { entry }, { file: entry, line: 1 }))

  const rest = all.filter((found) => found !== app)
  for (const found of rest) complaints.push(...check(given, found))
  complaints.push(...findNeverDeclared(given))
  if (app === undefined || complaints.length > 0) throw new GobletError(complaints)

  const functions = rest.flatMap(toFunctions)
  const groups = rest.flatMap(toGroups)
  const resources = rest.flatMap((found) => toResource(found) ?? [])
  const subscriptions = rest.flatMap((found) => toSubscription(found) ?? [])
  const description = { entry, app: toApp(app), functions, groups, resources, subscriptions }
  return { description, ...placesOf(rest, sources) }
}

function find({ root, entry, read, locate, sources }: DescribeGiven, recorded: Recorded, index: number): Found {
  const places = recorded.frames.flatMap((frame) => locate(frame) ?? [])
  const place = places.find((one) => isTopLevel(one, sources)) ?? places.at(-1)
  const settled = place ?? { file: resolve(root, entry), line: 1, column: 1 }
  const paths = read.exports.filter(([, exported]) => exported === index).map(([path]) => path)
  return {
    recorded,
    place: settled,
    where: toWhere(root, settled),
    binding: bindingAt(settled, sources),
    exports: paths.filter((path) => path.length === 1).flat(),
    grouped: paths.filter((path) => path.length > 1),
  }
}

// In `const jobs = queue('jobs', { deadLetter: { queue: queue('inner') } })` only what was made last is `jobs`.
function disown(all: readonly Found[]): Found[] {
  const owners = new Map(all.map((found) => [found.binding, found]))
  return all.map((found) => (owners.get(found.binding) === found ? found : { ...found, binding: undefined }))
}

// The body of a module, as against a function that a module's body called.
function isTopLevel(place: Place, sources: Sources): boolean {
  const source = sources.get(place.file)
  if (source === undefined) return false
  const offset = toOffset(source.text, [place.line, place.column])
  return !source.functions.some((one) => holds(one, offset))
}

function bindingAt(place: Place, sources: Sources): Binding | undefined {
  const source = sources.get(place.file)
  if (source === undefined) return undefined
  const offset = toOffset(source.text, [place.line, place.column])
  return source.bindings.find((one) => holds(one, offset))
}

function check({ root, entry, sources }: DescribeGiven, found: Found): Complaint[] {
  const { recorded, exports, grouped, where } = found
  const named = exports.filter((name) => name !== 'default')
  const what = nameOf(found)
  if (named.length === 0 && grouped.length === 0) {
    const suggestion = suggest({ found, entry: resolve(root, entry), sources, root })
    return [complaint('GOBLET_NOT_EXPORTED', { what, suggestion }, where)]
  }
  if (recorded.role === 'function' && !recorded.handled) return [complaint('GOBLET_NO_HANDLER', { what }, where)]
  if (recorded.mounted !== undefined && 'problem' in recorded.mounted)
    return [complaint('GOBLET_NO_WEB_APP', { what, problem: recorded.mounted.problem }, where)]
  const dotted = grouped.find((path) => path.at(-1)?.includes('.') === true)?.at(-1)
  if (dotted !== undefined) {
    const details = {
      what,
      name: dotted,
      problem: 'has a dot',
      allowed: 'Dots stand between a group and what it holds.',
    }
    return [complaint('GOBLET_BAD_NAME', details, where)]
  }
  if (named.length < 2 || recorded.role !== 'function') return []
  const second = exportedAt(resolve(root, entry), named, found, sources)
  const at = second === undefined ? where : toWhere(root, second)
  return [
    complaint(
      'GOBLET_DUPLICATE_NAME',
      { what: `${what} (exported as ${named.join(' and ')})`, first: toPlace(where) },
      at,
    ),
  ]
}

// Where the entry gives a declaration another name than its own.
function exportedAt(file: string, names: readonly string[], { binding }: Found, sources: Sources): Place | undefined {
  const source = sources.get(file)
  const entries = source?.module.staticExports.flatMap((one) => one.entries) ?? []
  const other = entries.find(({ exportName }) => {
    return exportName.name !== null && names.includes(exportName.name) && exportName.name !== binding?.name
  })
  if (source === undefined || other?.exportName.start == null) return undefined
  const [line, column] = toPosition(source.text, other.exportName.start)
  return { file, line, column }
}

/** How people call a declaration. */
function nameOf({ recorded, binding }: Found): string {
  const { role, kind, trigger, subject, name, source, mounted } = recorded
  if (mounted !== undefined) return `The mount \`${subject.replace(/^\S+ (?:.*\|)?/, '')}\``
  if (role === 'app') return `A second app, \`${name}\`,`
  if (role === 'group') return `The group \`${subject}\``
  if (role === 'resource') return `The ${kind} \`${name}\``
  if (role === 'subscription')
    return `${binding === undefined ? 'A subscription' : `\`${binding.name}\``} (to of the ${source?.kind} \`${source?.name}\`)`
  if (source !== undefined)
    return `${binding === undefined ? 'A function' : `\`${binding.name}\``} (${subject} of the ${source.kind} \`${source.name}\`)`
  if (subject !== '') return `The ${trigger === 'http' ? 'route' : trigger} \`${subject}\``
  return binding === undefined
    ? `${trigger === 'authorizer' ? 'An' : 'A'} ${trigger}`
    : `The ${trigger} \`${binding.name}\``
}
