// Holds a template against what AWS publishes of every resource's properties and attributes, and against itself.
import { loadAwsServiceSpec } from '@aws-cdk/aws-service-spec'
import type { Property, PropertyType, Resource, SpecDatabase, TypeDefinition } from '@aws-cdk/service-spec-types'
import type { Template, TemplateResource } from '../../src/deploy/template.ts'

let loading: Promise<SpecDatabase> | undefined

/** Loaded once a process. */
export function specification(): Promise<SpecDatabase> {
  loading ??= loadAwsServiceSpec()
  return loading
}

export const typeOf = (db: SpecDatabase, type: string): Resource | undefined =>
  db.lookup('resource', 'cloudFormationType', 'equals', type)[0]

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** An intrinsic function: its name and what it is given. */
function intrinsic(value: unknown): readonly [string, unknown] | undefined {
  if (!isObject(value)) return undefined
  const [entry, ...more] = Object.entries(value)
  return entry !== undefined && more.length === 0 && /^(Ref|Fn::\w+)$/.test(entry[0]) ? entry : undefined
}

/** Everything a value refers to: ids, with the attribute where one is asked for. */
export function referencesIn(value: unknown): { readonly id: string; readonly attribute?: string }[] {
  const found = intrinsic(value)
  if (found?.[0] === 'Ref') return [{ id: String(found[1]) }]
  if (found?.[0] === 'Fn::GetAtt' && Array.isArray(found[1]))
    return [{ id: String(found[1][0]), attribute: String(found[1][1]) }]
  if (Array.isArray(value)) return value.flatMap(referencesIn)
  return isObject(value) ? Object.values(value).flatMap(referencesIn) : []
}

/** What is wrong with a template; nothing, where AWS would find nothing either. */
export async function problemsOf(template: Template): Promise<string[]> {
  const db = await specification()
  const resources = Object.entries(template.Resources)
  return [
    ...resources.flatMap(([id, one]) => checkResource(db, one).map((problem) => `${id} (${one.Type}): ${problem}`)),
    ...resources.flatMap(([id, one]) => checkReferences(db, template, one).map((problem) => `${id}: ${problem}`)),
    ...checkReferences(db, template, template.Outputs).map((problem) => `Outputs: ${problem}`),
    ...circlesOf(template).map((circle) => `A circle: ${circle.join(' → ')}`),
    ...checkLimits(template),
  ]
}

function checkReferences(db: SpecDatabase, template: Template, value: unknown): string[] {
  const known = new Set([...Object.keys(template.Resources), ...Object.keys(template.Parameters ?? {})])
  const depends = isObject(value) && Array.isArray(value.DependsOn) ? value.DependsOn.map(String) : []
  const lost = depends
    .filter((id) => template.Resources[id] === undefined)
    .map((id) => `depends on ${id}, which is not`)
  const wrong = referencesIn(value).flatMap(({ id, attribute }) => {
    if (id.startsWith('AWS::')) return []
    if (!known.has(id)) return [`names ${id}, which is not`]
    const type = template.Resources[id]?.Type
    if (attribute === undefined || type === undefined) return []
    if (type === 'AWS::CloudFormation::Stack') return attribute.startsWith('Outputs.') ? [] : [`asks for ${attribute}`]
    return typeOf(db, type)?.attributes[attribute] === undefined ? [`asks ${type} for ${attribute}`] : []
  })
  return [...lost, ...wrong]
}

function checkResource(db: SpecDatabase, { Type, Properties = {} }: TemplateResource): string[] {
  const type = typeOf(db, Type)
  return type === undefined ? ['there is no such type'] : checkObject(db, type, Properties, '')
}

type Described = Pick<Resource | TypeDefinition, 'properties'>

function checkObject(db: SpecDatabase, { properties }: Described, value: unknown, path: string): string[] {
  if (!isObject(value)) return [`${path} is ${JSON.stringify(value)}, no object`]
  const missing = Object.entries(properties).flatMap(([name, one]) =>
    one.required === true && value[name] === undefined ? [`${path}.${name} is missing`] : [],
  )
  const wrong = Object.entries(value).flatMap(([name, one]) => {
    const property: Property | undefined = properties[name]
    return property === undefined
      ? [`${path}.${name} is no property`]
      : checkValue(db, property.type, one, `${path}.${name}`)
  })
  return [...missing, ...wrong]
}

const SIMPLE: Readonly<Record<string, (value: unknown) => boolean>> = {
  string: (value) => typeof value === 'string',
  'date-time': (value) => typeof value === 'string' && !Number.isNaN(Date.parse(value)),
  boolean: (value) => typeof value === 'boolean',
  integer: (value) => Number.isInteger(value),
  number: (value) => typeof value === 'number',
  null: (value) => value === null,
  json: () => true,
  tag: (value) => isObject(value) && typeof value.Key === 'string' && typeof value.Value === 'string',
}

function checkValue(db: SpecDatabase, type: PropertyType, value: unknown, path: string): string[] {
  const bad = [`${path} is ${JSON.stringify(value)}, no ${type.type}`]
  // What it stands for is known by whoever makes it: only that texts are put together is.
  if (intrinsic(value) !== undefined) return type.type === 'array' || type.type === 'boolean' ? bad : []
  switch (type.type) {
    case 'array':
      return Array.isArray(value)
        ? value.flatMap((one, index) => checkValue(db, type.element, one, `${path}[${index}]`))
        : bad
    case 'map':
      return isObject(value)
        ? Object.entries(value).flatMap(([name, one]) => checkValue(db, type.element, one, `${path}.${name}`))
        : bad
    case 'ref':
      return checkObject(db, db.get('typeDefinition', type.reference), value, path)
    case 'union':
      return type.types.some((one) => checkValue(db, one, value, path).length === 0) ? [] : bad
    default:
      return SIMPLE[type.type]?.(value) === true ? allowed(type, value, path) : bad
  }
}

function allowed(type: PropertyType, value: unknown, path: string): string[] {
  const values: unknown = Reflect.get(type, 'allowedValues')
  return !Array.isArray(values) || values.includes(value)
    ? []
    : [`${path} is ${String(value)}, none of ${values.join()}`]
}

/** Circles of what is made after what. */
export function circlesOf({ Resources }: Template): string[][] {
  const done = new Set<string>()
  const circles: string[][] = []
  const visit = (id: string, way: readonly string[]): void => {
    if (way.includes(id)) circles.push([...way.slice(way.indexOf(id)), id])
    const resource = Resources[id]
    if (way.includes(id) || done.has(id) || resource === undefined) return
    for (const next of [...(resource.DependsOn ?? []), ...referencesIn(resource.Properties).map((one) => one.id)])
      visit(next, [...way, id])
    done.add(id)
  }
  for (const id of Object.keys(Resources)) visit(id, [])
  return circles
}

// Source: "Understand CloudFormation quotas".
const LIMITS = { Resources: 500, Outputs: 200, Parameters: 200 } as const

const checkLimits = (template: Template): string[] =>
  (['Resources', 'Outputs', 'Parameters'] as const).flatMap((part) => {
    const count = Object.keys(template[part] ?? {}).length
    return count > LIMITS[part] ? [`${count} ${part}, of which there may be ${LIMITS[part]}`] : []
  })
