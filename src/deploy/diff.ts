// What differs between two templates: resources that come, change, are replaced or go, and which of their properties.
import { fateOf, HOLDERS, isRetained, nameOf } from './replacements.ts'
import type { Properties, Template, TemplateResource, Value } from './template.ts'

/**
 * One place within a resource's properties: `Timeout`, `Environment.Variables.LEVEL`. Undefined: it is not there; `***`: it is,
 * and may be a secret.
 */
export interface PropertyChange {
  readonly path: string
  readonly before: Value | undefined
  readonly after: Value | undefined
}

/** `leave`: it leaves the stack and stays on AWS, with what it holds. `refuse`: CloudFormation cannot change it so. */
export type Doing = 'add' | 'change' | 'replace' | 'refuse' | 'remove' | 'leave'

export interface ResourceChange {
  /** The logical id. */
  readonly id: string
  readonly type: string
  /** On AWS, where the template tells. */
  readonly name: string | undefined
  readonly does: Doing
  /** Of what changes, in alphabetical order; the code of functions is none of them. */
  readonly properties: readonly PropertyChange[]
  /** What is lost by it: `items`; undefined: nothing. */
  readonly loses: string | undefined
  /** It has the same name before and after, which AWS gives only once: CloudFormation cannot replace it. */
  readonly keepsName: boolean
}

export interface Difference {
  readonly resources: readonly ResourceChange[]
  /** Logical ids of the functions of which only, or also, the code differs. */
  readonly code: readonly string[]
}

const NOTHING: Template['Resources'] = {}

/** What it takes to come from one template to the other. Without `before` everything is new. */
export function compareTemplates(before: Template | undefined, after: Template): Difference {
  const old = before?.Resources ?? NOTHING
  const ids = [...new Set([...Object.keys(old), ...Object.keys(after.Resources)])].sort()
  const resources = ids.flatMap((id): ResourceChange[] => {
    const [left, right] = [old[id], after.Resources[id]]
    if (right === undefined) return left === undefined ? [] : [removalOf(id, left)]
    if (left === undefined) return [changeOf(id, right, 'add', [])]
    return compareResources(id, left, right)
  })
  const code = ids.filter((id) => {
    const [left, right] = [old[id], after.Resources[id]]
    return left !== undefined && right !== undefined && !isSame(left.Properties?.Code, right.Properties?.Code)
  })
  return { resources, code }
}

function compareResources(id: string, before: TemplateResource, after: TemplateResource): ResourceChange[] {
  const properties = compareProperties(before, after)
  const others = before.DeletionPolicy !== after.DeletionPolicy || !isSame(before.DependsOn, after.DependsOn)
  if (before.Type === after.Type && properties.length === 0) return others ? [changeOf(id, after, 'change', [])] : []
  const tops = properties.map(({ path }) => path.split('.')[0] ?? path)
  const fate = fateOf(before, after, tops)
  const does = fate === 'changed' ? 'change' : fate === 'fixed' ? 'refuse' : 'replace'
  const name = nameOf(before)
  const keepsName = before.Type === after.Type && name !== undefined && name === nameOf(after)
  // What is retained stays beside the new one, under its own name.
  const lost = does === 'replace' && (keepsName || before.UpdateReplacePolicy !== 'Retain')
  return [
    { ...changeOf(id, after, does, properties), keepsName, loses: lost ? HOLDERS[before.Type]?.holds : undefined },
  ]
}

function removalOf(id: string, resource: TemplateResource): ResourceChange {
  const stays = isRetained(resource)
  const change = changeOf(id, resource, stays ? 'leave' : 'remove', [])
  return { ...change, loses: stays ? undefined : HOLDERS[resource.Type]?.holds }
}

const changeOf = (
  id: string,
  resource: TemplateResource,
  does: Doing,
  properties: readonly PropertyChange[],
): ResourceChange => ({
  id,
  type: resource.Type,
  name: nameOf(resource),
  does,
  properties,
  loses: undefined,
  keepsName: false,
})

function compareProperties(before: TemplateResource, after: TemplateResource): PropertyChange[] {
  // An image is CloudFormation's matter; a zip in the artifact bucket is not.
  const withoutCode = ({ Type, Properties = {} }: TemplateResource): Properties => {
    const { Code, ...rest } = Properties
    return Type === 'AWS::Lambda::Function' && isPlainObject(Code) && 'S3Key' in Code ? rest : Properties
  }
  const changes = compareObjects(withoutCode(before), withoutCode(after), '')
  if (after.Type !== 'AWS::SSM::Parameter') return changes
  const hide = (value: Value | undefined): Value | undefined => (value === undefined ? undefined : MASK)
  return changes.map((one) =>
    one.path === 'Value' ? { ...one, before: hide(one.before), after: hide(one.after) } : one,
  )
}

function compareObjects(before: Properties, after: Properties, path: string): PropertyChange[] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort()
  return names.flatMap((name) => compareValues(before[name], after[name], path === '' ? name : `${path}.${name}`))
}

// Lists are told whole: what moves within one would read as if everything after it had changed.
function compareValues(before: Value | undefined, after: Value | undefined, path: string): PropertyChange[] {
  if (isSame(before, after)) return []
  const [left, right] = [before ?? NONE, after ?? NONE]
  if (isPlainObject(left) && isPlainObject(right)) {
    const within = compareObjects(left, right, path)
    // An empty object is another thing than none.
    return within.length > 0 ? within : [{ path, before, after }]
  }
  const hides = path.startsWith('Environment.Variables.') || PRIVATE.test(path.slice(path.lastIndexOf('.') + 1))
  const shown = (value: Value | undefined): Value | undefined =>
    value === undefined ? undefined : hides ? MASK : masked(value)
  return [{ path, before: shown(before), after: shown(after) }]
}

const NONE: Properties = {}

/** Stands for what is not shown: plans are read in the logs of pipelines and in comments of pull requests. */
export const MASK = '***'

const PRIVATE = /pass(?:word|phrase)|token|credential|secretstring/i

/** Within lists: what is called like a secret, and the values of variables. */
function masked(value: Value): Value {
  if (isList(value)) return value.map(masked)
  if (typeof value !== 'object' || value === null) return value
  const isVariable = 'Name' in value && 'Value' in value
  const entries = Object.entries(value).map(([name, one]): [string, Value] =>
    PRIVATE.test(name) || (isVariable && name === 'Value') ? [name, MASK] : [name, masked(one)],
  )
  return Object.fromEntries(entries)
}

const isList = (value: Value): value is readonly Value[] => Array.isArray(value)

/** An object that is no intrinsic function: those are told whole. */
function isPlainObject(value: Value | undefined): value is Properties {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false
  const names = Object.keys(value)
  return !(names.length === 1 && /^(Ref|Condition|Fn::.*)$/.test(names[0] ?? ''))
}

/** Whether two values say the same; the order of an object's names says nothing. */
export function isSame(left: unknown, right: unknown): boolean {
  if (left === right) return true
  if (typeof left !== 'object' || typeof right !== 'object' || left === null || right === null) return false
  if (Array.isArray(left) !== Array.isArray(right)) return false
  const [ours, theirs] = [Object.entries(left), new Map(Object.entries(right))]
  return (
    ours.length === theirs.size && ours.every(([name, value]) => theirs.has(name) && isSame(value, theirs.get(name)))
  )
}
