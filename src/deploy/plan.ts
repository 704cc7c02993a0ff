// What a deploy would do, and what it must not do: decided from the template, what AWS has, and the user's code. Changes nothing.
import { type Complaint, complaint, type Where } from '../errors.ts'
import { type Changes, compareLocks, type Lock, type Model, type Permissions, toLock } from '../model/index.ts'
import { type CostNote, costOf } from './costs.ts'
import type { Artifact, Deployment } from './deployment.ts'
import { compareTemplates, type ResourceChange } from './diff.ts'
import { logicalId, resourceId } from './ids.ts'
import { readMetadata } from './metadata.ts'
import { HOLDERS, isPassing } from './replacements.ts'
import type { Tasks } from './situation.ts'
import type { Template } from './template.ts'

/** What is on AWS. */
export interface Standing {
  /** As it was given to CloudFormation; undefined: there is no stack. */
  readonly template: Template | undefined
  /** Of the stack's parts, by the id they have in the stack. */
  readonly nested: ReadonlyMap<string, Template>
  /** `CodeSha256` of what callers get, by the function's name on AWS. */
  readonly code: ReadonlyMap<string, string>
}

/** A function whose callers will get other code. */
export interface CodeChange {
  readonly function: string
  readonly does: 'add' | 'change'
  /** Bytes of its zip. */
  readonly size: number
}

export interface Plan {
  readonly app: string
  readonly stage: string
  readonly stack: string
  readonly account: string
  readonly region: string
  /** `first`: there is no stack yet. `code`: CloudFormation has nothing to do. */
  readonly kind: 'first' | 'stack' | 'code' | 'nothing'
  readonly resources: readonly ResourceChange[]
  readonly code: readonly CodeChange[]
  readonly permissions: Changes
  readonly costs: CostNote
  /** What another hand deleted or changed, and a deploy puts right. */
  readonly mends: readonly string[]
  /** Why it will not be done. */
  readonly refusals: readonly Complaint[]
}

export interface PlanOptions {
  /** Where the parts of the template are declared, by logical id. */
  readonly places: ReadonlyMap<string, Where>
  /** What holds data may be replaced. */
  readonly allowReplace: boolean
  /** What a deploy has to do. */
  readonly tasks: Tasks
}

export function planOf(deployment: Deployment, standing: Standing, { places, allowReplace, tasks }: PlanOptions): Plan {
  const { app, stage, stack, account, region } = deployment
  const before = standing.template === undefined ? undefined : wholeOf(standing.template, standing.nested)
  const after = wholeOf(deployment.template, deployment.nested)
  const difference = compareTemplates(before, after)
  const { resources } = difference
  const code = codeOf(deployment.artifacts, standing.code)
  const isCode = tasks.functions.some((one) => one.publish)
  const kind = before === undefined ? 'first' : tasks.stack ? 'stack' : isCode ? 'code' : 'nothing'
  const refused = resources.filter((one) => one.does === 'refuse' || (one.loses !== undefined && !isPassing(one.type)))
  return {
    ...{ app, stage, stack, account, region, kind, resources, code },
    permissions: comparePermissions(standing.template, deployment.permissions, stage),
    costs: costOf(before, after, difference),
    mends: mendsOf(tasks),
    refusals: refused
      .filter(({ does, keepsName }) => !allowReplace || does === 'refuse' || (does === 'replace' && keepsName))
      .map((one) => toRefusal(one, places.get(one.id))),
  }
}

// What a function's own declaration brings beside the function.
const OF_FUNCTIONS =
  'Function Role Alias LogGroup Permission InvokeConfig Mapping Rule Schedule SchedulerRole Integration Url'.split(' ')

/** Where the functions and resources of an app are declared, by logical id. */
export function placesOf({ functions, resources }: Model): Map<string, Where> {
  return new Map([
    ...functions.flatMap(({ name, where }) => OF_FUNCTIONS.map((what) => [logicalId(what, name), where] as const)),
    ...resources.map(({ kind, name, where }) => [resourceId(kind, name), where] as const),
  ])
}

/** A template and its parts as one: which part something is in is CloudFormation's matter. */
export function wholeOf(template: Template, nested: ReadonlyMap<string, Template>): Template {
  if (nested.size === 0) return template
  const own = Object.entries(template.Resources).filter(([, { Type }]) => Type !== 'AWS::CloudFormation::Stack')
  const parts = [...nested.values()].flatMap(({ Resources }) => Object.entries(Resources))
  return { ...template, Resources: Object.fromEntries([...own, ...parts]) }
}

function codeOf(artifacts: readonly Artifact[], live: Standing['code']): CodeChange[] {
  return artifacts.flatMap(({ function: name, physicalName, sha256, size }): CodeChange[] => {
    const known = live.get(physicalName)
    if (known === sha256) return []
    return [{ function: name, does: known === undefined ? 'add' : 'change', size }]
  })
}

function mendsOf({ missing, functions }: Tasks): string[] {
  const changed = functions.flatMap(({ live, corrections }) =>
    corrections === undefined ? [] : [`${live.name} was changed by another hand: ${corrections.said.join('; ')}`],
  )
  return [...missing.map((id) => `${id} was deleted by another hand, and is made again`), ...changed]
}

function comparePermissions(before: Template | undefined, permissions: Permissions, stage: string): Changes {
  const known = before === undefined ? undefined : readMetadata(before)?.permissions
  const none: Lock = { version: 1, stage, functions: {}, warnings: {} }
  const now = toLock(permissions, stage)
  return compareLocks(known === undefined ? none : { ...none, functions: known, warnings: now.warnings }, now)
}

/** Words why a change is not made, and what can be done instead. */
function toRefusal(change: ResourceChange, where: Where | undefined): Complaint {
  const { type, name, id, does, keepsName, properties } = change
  const what = `${type} ${name ?? id}`
  const tops = [...new Set(properties.map(({ path }) => path.split('.')[0] ?? path))].join(', ')
  const holds = change.loses ?? HOLDERS[type]?.holds ?? 'what it holds'
  const beside = `Declare it under another name: a new one is made beside it, and this one stays with ${holds} to be copied.`
  if (does === 'remove') {
    const mend = `Keep it, or set its DeletionPolicy to Retain and deploy that first; to let ${holds} go, deploy with --allow-replace.`
    return complaint('GOBLET_REPLACES_DATA', { problem: `${what} would be removed, with ${holds}`, mend }, where)
  }
  const problem = `${what} would have to be replaced by an empty one, because of ${tops}`
  if (does === 'refuse')
    return complaint(
      'GOBLET_REPLACES_DATA',
      { problem: `${what} takes no change of ${tops} once it is there`, mend: beside },
      where,
    )
  if (keepsName) {
    const mend = `CloudFormation cannot replace what has a name of its own. ${beside}`
    return complaint('GOBLET_REPLACES_DATA', { problem, mend }, where)
  }
  const mend = `${beside} To lose ${holds}, deploy with --allow-replace.`
  return complaint('GOBLET_REPLACES_DATA', { problem, mend }, where)
}
