// What all parts of an import share: the resolved configuration, the report, the app that is put together.
import type { Where } from '../../errors.ts'
import { Draft } from '../draft.ts'
import { type Node, scalar } from '../node.ts'
import type { Report } from '../report.ts'

/** Kinds of resources that have handles. */
export type HandleKind = 'table' | 'bucket' | 'queue' | 'topic' | 'stream' | 'bus' | 'secret'

/** A handle in the app. */
export interface Handle {
  readonly kind: HandleKind
  /** The const that holds it. */
  readonly name: string
  /** What it is called on AWS, in the stage that is imported. */
  readonly physical: string
  readonly staged: boolean
}

export interface Context {
  readonly folder: string
  /** Where app.ts goes. */
  readonly out: string
  /** Imports of TypeScript end with `.ts`. */
  readonly tsEndings: boolean
  readonly root: Node
  readonly report: Report
  readonly draft: Draft
  readonly service: string
  readonly stage: string
  readonly region: string
  /** By logical id. */
  readonly resources: Map<string, Handle>
  /** The consts of resources in CloudFormation's own words, by logical id. */
  readonly raws: Map<string, string>
  /** By `kind name`. */
  readonly handles: Map<string, Handle>
  /** Which const holds a function, by the function's key. */
  readonly functions: Map<string, string>
  /** Variables of the environment whose values are only known where the functions run: name → code. */
  readonly late: Map<string, string>
}

/** `<service>-<stage>-jobs` is what Goblet calls `jobs` by itself. */
export const prefixOf = ({ service, stage }: Pick<Context, 'service' | 'stage'>): string => `${service}-${stage}-`

export interface Wanted {
  readonly kind: HandleKind
  /** The name on AWS. */
  readonly physical: string
  readonly staged: boolean
  readonly where: Where
  readonly subject: string
  /** Nothing in this configuration makes it. */
  readonly existing?: boolean
}

/** What stands before the options of a handle: its name in the app, and its own on AWS where that is another. */
export function placement(context: Context, wanted: Wanted): { name: string; physicalName?: string; existing?: true } {
  const { kind, physical, staged, where, subject } = wanted
  if (wanted.existing === true) return { name: physical, existing: true }
  const own = physical.replace(/\.fifo$/, '')
  const prefix = prefixOf(context)
  if (kind !== 'bucket' && kind !== 'bus' && own.startsWith(prefix) && own.length > prefix.length)
    return { name: own.slice(prefix.length) }
  if (staged)
    context.report.hand(
      where,
      subject,
      `has a name that depends on the stage; \`${physical}\`, that of ${context.stage}, was written. Names that Goblet makes begin with <app>-<stage>-: leave \`physicalName\` out where no data has to be kept.`,
    )
  return { name: own.replace(/[^A-Za-z0-9_-]+/g, '-'), physicalName: physical }
}

/** The handle of something that is named, made where there is none yet. */
export function handleOf(context: Context, wanted: Wanted): Handle {
  const key = `${wanted.kind} ${wanted.physical}`
  const known = context.handles.get(key)
  if (known !== undefined) return known
  const { draft } = context
  const { name: given, ...options } = placement(context, wanted)
  const own = given.startsWith('arn:') ? given.slice(given.lastIndexOf(':') + 1).replace(/^.*\//, '') : given
  const made: Handle = {
    kind: wanted.kind,
    name: draft.name(own, `${own} ${wanted.kind}`),
    physical: wanted.physical,
    staged: wanted.staged,
  }
  // Whoever made it knows its key.
  const keyed = wanted.kind === 'table' ? { key: 'id' } : {}
  if (wanted.kind === 'table')
    context.report.hand(
      wanted.where,
      wanted.subject,
      `the key of the table ${wanted.physical} is not known here: \`key: 'id'\` was written.`,
    )
  draft.declare(made.name, wanted.kind, [given, { ...options, ...keyed }])
  context.handles.set(key, made)
  return made
}

/** A context for configurations that have no resources of their own. */
export const plainContext = (report: Report, folder: string): Context => ({
  ...{ folder, out: folder, tsEndings: true, report, service: 'app', stage: 'dev', region: 'us-east-1' },
  root: scalar(null, { file: '', line: 1 }),
  draft: new Draft(),
  resources: new Map(),
  raws: new Map(),
  handles: new Map(),
  functions: new Map(),
  late: new Map(),
})
