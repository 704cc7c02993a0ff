// What values of a template refer to, and the same values with other references in their place.
import type { TemplateResource, Value } from '../template.ts'

export interface Reference {
  /** A logical id, a parameter, or one of AWS's own (`AWS::Region`). */
  readonly id: string
  /** Undefined: what `Ref` gives. */
  readonly attribute: string | undefined
}

/** What stands for a reference; undefined: it stays. */
export type Replace = (reference: Reference) => Value | undefined

const isList = (value: Value | undefined): value is readonly Value[] => Array.isArray(value)

const NAMED = /\$\{([A-Za-z0-9]+(?:\.[A-Za-z0-9.]+)?)\}/g

function toReference(name: string): Reference {
  const dot = name.indexOf('.')
  return dot < 0 ? { id: name, attribute: undefined } : { id: name.slice(0, dot), attribute: name.slice(dot + 1) }
}

/** The reference that a value is. */
function referenceOf(value: Value): Reference | undefined {
  if (typeof value !== 'object' || value === null || isList(value)) return undefined
  const { Ref: id, 'Fn::GetAtt': asked } = value
  if (typeof id === 'string') return { id, attribute: undefined }
  if (typeof asked === 'string') return toReference(asked)
  const [of, name] = isList(asked) ? asked : []
  return typeof of === 'string' && typeof name === 'string' ? { id: of, attribute: name } : undefined
}

/** The value with every reference replaced, those in the texts of Fn::Sub too. */
export function replaced(value: Value, replace: Replace): Value {
  if (typeof value !== 'object' || value === null) return value
  if (isList(value)) return value.map((one) => replaced(one, replace))
  const reference = referenceOf(value)
  if (reference !== undefined) return replace(reference) ?? value
  return Object.fromEntries(
    Object.entries(value).map(([name, one]) => [
      name,
      name === 'Fn::Sub' ? substituted(one, replace) : replaced(one, replace),
    ]),
  )
}

function substituted(value: Value, replace: Replace): Value {
  const [text, given] = isList(value) ? value : [value]
  if (typeof text !== 'string') return value
  const own = typeof given === 'object' && given !== null && !isList(given) ? given : {}
  const names: { [name: string]: Value } = Object.fromEntries(
    Object.entries(own).map(([name, one]) => [name, replaced(one, replace)]),
  )
  const rewritten = text.replace(NAMED, (whole, name: string) => {
    const stands = name in own ? undefined : replace(toReference(name))
    if (stands === undefined) return whole
    const variable = name.replaceAll('.', '')
    names[variable] = stands
    return `\${${variable}}`
  })
  return Object.keys(names).length === 0 ? rewritten : [rewritten, names]
}

/** Everything that a value refers to. */
export function referencesIn(value: Value): Reference[] {
  const found: Reference[] = []
  replaced(value, (one) => {
    found.push(one)
    return undefined
  })
  return found
}

/** The ids that a resource is made after. */
export function needsOf({ Properties = {}, DependsOn = [] }: TemplateResource): Set<string> {
  return new Set([...DependsOn, ...referencesIn(Properties).map((one) => one.id)])
}
