// One function: its handler, its options, and a declaration for each of its events.
import { readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { type Code, type CodeMap, raw, toIdentifier } from '../code.ts'
import { itemsOf, member, type Node, textOf } from '../node.ts'
import { Section } from '../section.ts'
import { layersOf } from '../upkeep.ts'
import type { Context } from './context.ts'
import { toDestination } from './destinations.ts'
import { toEnvironment } from './environment.ts'
import { findHandler } from './handlers.ts'
import { toPermissions } from './iam.ts'
import { FUNCTION_KEYS } from './keys.ts'
import { isNode as isNodeRuntime, toLogs, toRole, toVpc } from './provider.ts'

/** A function while its events are read. */
export interface Reading {
  readonly key: string
  readonly section: Section
  readonly context: Context
  /** The handler, as it stands in a declaration. */
  readonly handler: Code
  readonly isStub: boolean
  /** The const of the handler itself. */
  readonly handlerName: string
  /** What its declarations take, whatever wakes it. */
  readonly options: CodeMap
  /** Those of routes and connections only: a function's own. */
  readonly own: CodeMap
  /** A const for a declaration: the function's name at first. */
  constName(suffix?: string): string
  /** Something wakes it already. */
  isDeclared(): boolean
}

/** Opens a function for its events. */
export function readFunction(key: string, node: Node, runtime: string, context: Context): Reading {
  const section = new Section(node, `functions.${key}`, node.where, context.report)
  const { code, isStub, name } = toHandler(section, key, runtime, context)
  const options = toOptions(section, context)
  let used = false
  return {
    key,
    section,
    context,
    handler: code,
    isStub,
    handlerName: name,
    options,
    // What is raw has a function of its own.
    own: isStub ? { isolate: true, ...options } : options,
    isDeclared: () => used,
    constName: (suffix = '') => {
      const first = context.functions.get(key)
      if (!used && first !== undefined) {
        used = true
        return first
      }
      return context.draft.name(key + (suffix === '' ? '' : suffix.charAt(0).toUpperCase() + suffix.slice(1)))
    },
  }
}

interface Handled {
  readonly code: Code
  readonly isStub: boolean
  readonly name: string
}

function toHandler(section: Section, key: string, runtime: string, context: Context): Handled {
  const { draft } = context
  const given = section.text('handler')
  const own = section.text('runtime')
  const used = own ?? runtime
  const stub = (why: string): Handled => {
    section.hand('handler', `${why}. A stand-in was written that answers 501, or fails, until there is one.`)
    return { code: draft.stub(`${given ?? key}${isNodeRuntime(used) ? '' : ` (${used})`}`), isStub: true, name: '' }
  }
  if (section.take('image') !== undefined) return stub('runs a container image, which Goblet does not deploy')
  if (given === undefined) return stub('has no handler')
  if (!isNodeRuntime(used)) return stub(`is written for ${used}, and has to be written in TypeScript`)
  if (own !== undefined && own !== runtime)
    section.noted('runtime', `of one function is not known: all run on the app's.`)
  const found = findHandler(context.folder, given)
  if (found.kind === 'missing') return stub(`cannot be imported: ${found.why}`)
  tellSdk(section, join(context.folder, found.file))
  const name = draft.handler(pathOf(found.file, context), found.name, `${toIdentifier(key)}Handler`)
  return { code: raw(`raw(${name})`), isStub: false, name }
}

// Source: "Lambda runtimes": Node.js 18 and later have version 3 of the SDK, and nothing of version 2.
function tellSdk(section: Section, file: string): void {
  const used = /['"]aws-sdk(?:\/[^'"]*)?['"]/.test(readFileSync(file, 'utf8'))
  if (used)
    section.hand(
      'handler',
      'uses version 2 of the AWS SDK, which runtimes no longer have: `npm install aws-sdk`, until it is written for version 3.',
    )
}

function pathOf(file: string, { folder, out, tsEndings }: Context): string {
  const path = relative(out, join(folder, file)).replaceAll('\\', '/')
  const ended = tsEndings ? path : path.replace(/\.([cm]?)tsx?$/, '.$1js')
  return ended.startsWith('.') ? ended : `./${ended}`
}

function toOptions(section: Section, context: Context): CodeMap {
  const name = section.text('name')
  const made = `${context.service}-${context.stage}-${context.functions.get(section.path.slice('functions.'.length)) ?? ''}`
  if (name !== undefined && name !== made)
    section.hand(
      'name',
      `\`${name}\` becomes \`${made}\`: functions are called by app, stage and export. Mend whoever calls it by name.`,
    )
  const ends = section.section('destinations')
  const destinations: CodeMap = {
    success: toDestination(ends, 'onSuccess', context),
    failure: toDestination(ends, 'onFailure', context),
  }
  ends.close({})
  const events = member(section.take('onError'))
  return {
    ...sizes(section),
    description: section.text('description'),
    concurrency: section.number('reservedConcurrency'),
    retries: section.number('maximumRetryAttempts'),
    maximumAge: section.number('maximumEventAge'),
    env: toEnvironment(section, context),
    vpc: toVpc(section, context),
    tracing: /^(?:Active|true)$/.test(section.text('tracing') ?? '') ? true : undefined,
    logs: toLogs(section),
    layers: layersOf(section),
    deadLetter: events === undefined ? undefined : toDestination(section, 'onError', context),
    destinations: Object.values(destinations).some((one) => one !== undefined) ? destinations : undefined,
    role: toRole(section, 'role', context),
    permissions: toOwnPermissions(section, context),
  }
}

export const sizes = (section: Section): CodeMap => ({
  memory: section.number('memorySize'),
  timeout: section.number('timeout'),
  ephemeralStorage: section.number('ephemeralStorageSize'),
})

// The plugin serverless-iam-roles-per-function, and what version 4 does itself.
function toOwnPermissions(section: Section, context: Context): Code[] | undefined {
  const plugin = toPermissions(section.take('iamRoleStatements'), section.pathOf('iamRoleStatements'), context)
  const inherits = section.flag('iamRoleStatementsInherit') === true
  section.take('iamRoleStatementsName')
  const shared =
    member(context.root, 'provider', 'iamRoleStatements') ??
    member(context.root, 'provider', 'iam', 'role', 'statements')
  if (plugin.length > 0 && !inherits && shared !== undefined)
    section.hand(
      'iamRoleStatements',
      'stood alone: in Goblet those of the app add up with them. Say them at the functions that need them, where this one must not.',
    )
  const role = section.section('iam').section('role')
  const own = toPermissions(role.take('statements'), role.pathOf('statements'), context)
  role.close({
    noted: {
      name: 'Roles are named by CloudFormation.',
      inheritStatements: "The app's permissions always add up with a function's.",
    },
  })
  const all = [...plugin, ...own]
  return all.length === 0 ? undefined : all
}

/** Reports what of a function was not read. */
export function closeFunction({ section }: Reading): void {
  section.close(FUNCTION_KEYS)
}

interface Event {
  readonly type: string
  readonly node: Node | undefined
  readonly section: Section
  readonly path: string
}

/** The events of a function: a list of maps of one member each, or of texts. */
export function eventsOf(section: Section): Event[] {
  return itemsOf(section.take('events')).flatMap((item, index): Event[] => {
    const path = `${section.path}.events[${index}]`
    const text = textOf(item)
    if (text !== undefined)
      return [
        {
          type: text,
          node: undefined,
          section: new Section(undefined, `${path}.${text}`, item.where, section.report),
          path,
        },
      ]
    if (item.kind !== 'dict') {
      section.report.hand(item.where, path, 'is no event that can be read.')
      return []
    }
    return [...item.entries].map(([type, { value, where }]) => {
      const inner = value.kind === 'dict' ? value : undefined
      return {
        type,
        node: value,
        section: new Section(inner, `${path}.${type}`, where, section.report),
        path: `${path}.${type}`,
      }
    })
  })
}
