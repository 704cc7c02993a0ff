// What AWS has of an app right now, and what that leaves to be done.

import type { Clients } from './clients.ts'
import { type Corrections, correctionsOf } from './corrections.ts'
import type { Artifact, Deployment } from './deployment.ts'
import { compareTemplates, isSame } from './diff.ts'
import { aliasId, functionId, logGroupId } from './ids.ts'
import { isPublished, type LiveFunction, readFunctions } from './live.ts'
import { type Standing, wholeOf } from './plan.ts'
import { readResources, readStack, readTemplate, type StackResource, type StackState } from './stack.ts'
import type { Template, TemplateResource } from './template.ts'

export interface Situation {
  /** Undefined: there is none, or none that was ever made. */
  readonly stack: StackState | undefined
  readonly standing: Standing
  readonly resources: readonly StackResource[]
  /** Of the deployment's functions, in their order. */
  readonly functions: readonly LiveFunction[]
  /** Log groups that are there, by name; undefined: not asked. */
  readonly logGroups: ReadonlySet<string> | undefined
}

/** What has to be done with one function. */
export interface FunctionTask {
  readonly live: LiveFunction
  readonly artifact: Artifact | undefined
  /** Its newest code is another one. */
  readonly code: boolean
  /** Settings that another hand changed. */
  readonly corrections: Corrections | undefined
  /** The alias does not point to what is newest, or will not. */
  readonly publish: boolean
}

export interface Tasks {
  readonly stack: boolean
  /** Logical ids of what another hand deleted. */
  readonly missing: readonly string[]
  readonly functions: readonly FunctionTask[]
}

/** Reads; changes nothing. */
export async function readSituation(
  clients: Clients,
  deployment: Pick<Deployment, 'stack' | 'functions'>,
): Promise<Situation> {
  const { functions, stack: name } = deployment
  const stack = await readStack(clients, name)
  // CloudFormation User Guide, "Stack statuses": in review there is a name, but nothing was ever made.
  if (stack === undefined || stack.status === 'REVIEW_IN_PROGRESS') {
    const none = functions.map(({ name, physicalName }) => ({ ...NONE, name, physicalName }))
    const standing: Standing = { template: undefined, nested: new Map(), code: new Map() }
    return { stack: undefined, standing, resources: [], functions: none, logGroups: undefined }
  }
  const [template, resources, live, logGroups] = await Promise.all([
    readTemplate(clients, stack.id),
    readResources(clients, stack.id),
    readFunctions(clients, functions),
    readLogGroups(clients, `/aws/lambda/${name}-`),
  ])
  const nested = await readNested(clients, resources)
  const code = new Map(live.map(({ physicalName, version }) => [physicalName, version?.CodeSha256 ?? '']))
  for (const [physicalName, sha256] of code) if (sha256 === '') code.delete(physicalName)
  return { stack, standing: { template, nested, code }, resources, functions: live, logGroups }
}

const NONE = { latest: undefined, alias: undefined, version: undefined }

async function readNested(clients: Clients, resources: readonly StackResource[]): Promise<Map<string, Template>> {
  const parts = new Map<string, Template>()
  for (const { id, type, physicalId } of resources) {
    if (type !== 'AWS::CloudFormation::Stack' || physicalId === '') continue
    const template = await readTemplate(clients, physicalId)
    if (template !== undefined) parts.set(id, template)
  }
  return parts
}

async function readLogGroups(clients: Clients, prefix: string): Promise<Set<string>> {
  const logs = await clients.logs()
  const names = new Set<string>()
  let nextToken: string | undefined
  do {
    const page = await logs.describeLogGroups({ logGroupNamePrefix: prefix, nextToken })
    for (const { logGroupName } of page.logGroups ?? []) if (logGroupName !== undefined) names.add(logGroupName)
    nextToken = page.nextToken
  } while (nextToken !== undefined)
  return names
}

/** Decides; asks nothing. `deleted`: logical ids of what CloudFormation found to be gone, beside what is always looked for. */
export function tasksOf(deployment: Deployment, situation: Situation, deleted: readonly string[] = []): Tasks {
  const { stack, standing, functions } = situation
  const after = wholeOf(deployment.template, deployment.nested)
  const before = standing.template === undefined ? undefined : wholeOf(standing.template, standing.nested)
  const missing = [
    ...new Set([
      ...missingOf(situation, after),
      ...deleted.filter((id) => before !== undefined && id in before.Resources && id in after.Resources),
    ]),
  ]
  const isSettled = stack !== undefined && SETTLED.has(stack.status)
  const differs = before === undefined || differ(before, after)
  return {
    // After a failure CloudFormation alone knows what it has put back.
    stack: differs || !isSettled || missing.length > 0,
    missing,
    functions: functions.map((live) => {
      const artifact = deployment.artifacts.find((one) => one.function === live.name)
      const corrections = correctionsFor(live, situation)
      const code = artifact !== undefined && live.latest?.CodeSha256 !== artifact.sha256
      return { live, artifact, code, corrections, publish: code || corrections !== undefined || !isPublished(live) }
    }),
  }
}

const SETTLED: ReadonlySet<string> = new Set(['CREATE_COMPLETE', 'UPDATE_COMPLETE', 'IMPORT_COMPLETE'])

/** Whether CloudFormation has anything to do: the code of functions is not its matter, but images are. */
function differ(before: Template, after: Template): boolean {
  const { resources, code } = compareTemplates(before, after)
  if (resources.length > 0 || !isSame(before.Outputs ?? {}, after.Outputs ?? {})) return true
  return code.some((id) => hasImage(before.Resources[id]) || hasImage(after.Resources[id]))
}

function hasImage(resource: TemplateResource | undefined): boolean {
  const code = resource?.Properties?.Code
  return typeof code === 'object' && code !== null && 'ImageUri' in code
}

/** What the stack made and still counts on, but another hand deleted: of what is wanted (`after`), or of all that is there. */
export function missingOf({ functions, resources, logGroups, standing }: Situation, after?: Template): string[] {
  const { template, nested } = standing
  if (template === undefined) return []
  const before = wholeOf(template, nested)
  const made = new Set(resources.filter(({ status }) => status !== 'DELETE_COMPLETE').map(({ id }) => id))
  // The resources of the stack's parts are not among its own.
  for (const part of nested.values()) for (const id of Object.keys(part.Resources)) made.add(id)
  const wanted = (after ?? before).Resources
  const isExpected = (id: string) => made.has(id) && id in before.Resources && id in wanted
  return functions.flatMap(({ name, physicalName, latest, alias }) => {
    const log = `/aws/lambda/${physicalName}`
    return [
      ...(latest === undefined && isExpected(functionId(name)) ? [functionId(name)] : []),
      ...(latest !== undefined && alias === undefined && isExpected(aliasId(name)) ? [aliasId(name)] : []),
      ...(logGroups?.has(log) === false && isExpected(logGroupId(name)) ? [logGroupId(name)] : []),
    ]
  })
}

/** What another hand changed about a function. */
export function correctionsFor(
  { name, latest, version }: LiveFunction,
  { standing, resources }: Pick<Situation, 'standing' | 'resources'>,
): Corrections | undefined {
  const { template, nested } = standing
  const resource = template === undefined ? undefined : wholeOf(template, nested).Resources[functionId(name)]
  if (latest === undefined || resource === undefined) return undefined
  return correctionsOf(resource, latest, version, new Map(resources.map((one) => [one.id, one.physicalId])))
}
