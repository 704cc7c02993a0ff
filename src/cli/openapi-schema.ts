// The JSON Schemas of a route's parts, as they may stand in an OpenAPI document.
import type { Options } from '../model/index.ts'

export type Json = { [key: string]: unknown }

export const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

interface Property {
  readonly schema: unknown
  readonly required: boolean
}

export interface Parts {
  readonly body: unknown
  readonly params: ReadonlyMap<string, Property>
  readonly query: ReadonlyMap<string, Property>
  readonly headers: ReadonlyMap<string, Property>
}

/** What a route takes, part by part. */
export function partsOf(options: Options, name: string, schemas: Json): Parts {
  const properties = (part: string): Map<string, Property> => {
    const schema = plainOf(options[part], 'input')
    const { properties: own, required } = schema
    const needed = Array.isArray(required) ? required : []
    const entries = isObject(own) ? Object.entries(own) : []
    return new Map(entries.map(([key, one]) => [key, { schema: settle(one, schema), required: needed.includes(key) }]))
  }
  return {
    body: options.body === undefined ? undefined : toComponent(options.body, 'input', `${name}_body`, schemas),
    params: properties('params'),
    query: properties('query'),
    headers: properties('headers'),
  }
}

/**
 * A schema for the place where it is used. One that refers to itself becomes a component: its references would otherwise
 * start at the document's root, where nothing of it is.
 */
export function toComponent(given: unknown, direction: 'input' | 'output', name: string, schemas: Json): unknown {
  const schema = plainOf(given, direction)
  if (!JSON.stringify(schema).includes('"$ref"')) return schema
  const place = `#/components/schemas/${name}`
  schemas[name] = rebase(schema, place)
  return { $ref: place }
}

// `$schema` names a dialect that the document sets for all of them.
function plainOf(given: unknown, direction: 'input' | 'output'): Json {
  const schema = isObject(given) && isObject(given[direction]) ? given[direction] : {}
  const { $schema: _, ...rest } = schema
  return rest
}

function rebase(value: unknown, place: string): unknown {
  if (Array.isArray(value)) return value.map((one) => rebase(one, place))
  if (!isObject(value)) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, one]) =>
      key === '$ref' && typeof one === 'string' && one.startsWith('#')
        ? [key, place + one.slice(1)]
        : [key, rebase(one, place)],
    ),
  )
}

// A parameter has no place for definitions: one that needs them says only that it is there.
const settle = (schema: unknown, whole: Json): unknown =>
  '$defs' in whole && JSON.stringify(schema).includes('"$ref"') ? {} : schema
