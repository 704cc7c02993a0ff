// More than one template can hold: a stack with parts of its own, which hand each other what they refer to.
import { createHash } from 'node:crypto'
import type { Output, Properties, Template, TemplateResource, Value } from '../template.ts'
import { divisionOf, ROOT } from './parts.ts'
import { type Reference, replaced } from './references.ts'

/** Source: "Understand CloudFormation quotas". */
const RESOURCES = 500

/** The same source: in a bucket a template has 1 MB at most. */
const BYTES = 1_000_000

// What one template holds before it is split: what is in the stack itself stays there, and its parts need room beside it.
const WHOLE = 0.96

const fits = (template: Template, limit: number): boolean =>
  Object.keys(template.Resources).length <= limit * WHOLE && JSON.stringify(template).length <= BYTES * WHOLE

export interface Splitting {
  /** Resources of one template. */
  readonly limit?: number
  /** Begins the keys of the parts in the artifact bucket: `shop/dev/templates/`. */
  readonly prefix: string
  /** Where CloudFormation reads what is under that prefix. */
  readonly url: string
  /** The stack's template as it is on AWS: what is in a part stays there. */
  readonly previous: Template | undefined
}

export interface Split {
  readonly template: Template
  /** The parts, by the key they are uploaded under. */
  readonly nested: ReadonlyMap<string, Template>
}

/** The template as it is where it fits, or else in parts. */
export function split(template: Template, { limit = RESOURCES, prefix, url, previous }: Splitting): Split {
  const before = partsOf(previous)
  const isWhole = ![...before.values()].some((part) => part !== ROOT)
  if (isWhole && fits(template, limit)) return { template, nested: new Map() }
  const seams = new Seams(template, divisionOf(template, { limit, before }))
  const names = [...new Set(seams.places.values())].filter((part) => part !== ROOT)
  const resources = new Map(names.map((part) => [part, seams.resourcesOf(part)]))
  const own = seams.resourcesOf(ROOT)
  const outputs = Object.entries(template.Outputs ?? {}).map(([name, output]): [string, Output] => [
    name,
    { ...output, Value: seams.seenFrom(ROOT, output.Value) },
  ])
  const nested = new Map<string, Template>()
  const stacks = names.map((part): [string, TemplateResource] => {
    const made = seams.templateOf(part, resources.get(part) ?? {})
    const name = `${createHash('sha256').update(JSON.stringify(made)).digest('hex').slice(0, 32)}.json`
    nested.set(prefix + name, made)
    return [part, seams.stackOf(part, url + name)]
  })
  return {
    template: {
      ...template,
      Metadata: withParts(template, seams.places),
      Resources: { ...own, ...Object.fromEntries(stacks) },
      ...(outputs.length === 0 ? {} : { Outputs: Object.fromEntries(outputs) }),
    },
    nested,
  }
}

// The root alone is read before a deploy, and says where everything is.
function withParts({ Metadata }: Template, places: ReadonlyMap<string, string>): Properties {
  const parts: Record<string, string[]> = {}
  for (const [id, part] of places) if (part !== ROOT) parts[part] = [...(parts[part] ?? []), id]
  const goblet = Metadata?.Goblet
  const told = typeof goblet === 'object' && goblet !== null && !Array.isArray(goblet) ? goblet : {}
  return { ...Metadata, Goblet: { ...told, parts } }
}

/** Where everything is in a stack that was deployed. */
function partsOf(previous: Template | undefined): Map<string, string> {
  const found = new Map<string, string>()
  for (const id of Object.keys(previous?.Resources ?? {})) found.set(id, ROOT)
  const goblet: unknown = previous?.Metadata?.Goblet
  const parts: unknown = typeof goblet === 'object' && goblet !== null && 'parts' in goblet ? goblet.parts : undefined
  for (const [part, ids] of Object.entries(typeof parts === 'object' && parts !== null ? parts : {}))
    for (const id of Array.isArray(ids) ? ids : []) found.set(String(id), part)
  return found
}

/** What crosses from part to part: outputs of the one, parameters of the other. */
class Seams {
  readonly places: ReadonlyMap<string, string>
  readonly #template: Template
  readonly #parameters = new Map<string, Map<string, Reference>>()
  readonly #outputs = new Map<string, Map<string, Reference>>()
  readonly #waits = new Map<string, Set<string>>()

  constructor(template: Template, places: ReadonlyMap<string, string>) {
    this.#template = template
    this.places = places
  }

  resourcesOf(part: string): Template['Resources'] {
    const own = Object.entries(this.#template.Resources).filter(([id]) => this.places.get(id) === part)
    return Object.fromEntries(own.map(([id, resource]) => [id, this.#moved(part, resource)]))
  }

  #moved(part: string, resource: TemplateResource): TemplateResource {
    const { DependsOn = [], Properties, ...rest } = resource
    const near = DependsOn.filter((id) => this.places.get(id) === part)
    const far = DependsOn.filter((id) => this.places.get(id) !== part).map((id) => this.places.get(id) || id)
    // A part waits as a whole for what one of its own waits for.
    if (part !== ROOT) this.#waits.set(part, new Set([...(this.#waits.get(part) ?? []), ...far]))
    const after = part === ROOT ? [...new Set([...near, ...far])] : near
    const woven = Properties === undefined ? {} : { Properties: this.#properties(part, Properties) }
    return { ...rest, ...(after.length === 0 ? {} : { DependsOn: after }), ...woven }
  }

  #properties(part: string, properties: Properties): Properties {
    return Object.fromEntries(Object.entries(properties).map(([name, value]) => [name, this.seenFrom(part, value)]))
  }

  /** A value whose references reach out of the part that it is in. */
  seenFrom(part: string, value: Value): Value {
    return replaced(value, (reference) => this.#cross(part, reference))
  }

  #cross(part: string, reference: Reference): Value | undefined {
    const there = this.places.get(reference.id)
    if (there === undefined || there === part) return undefined
    const name = nameOf(reference)
    if (there !== ROOT) note(this.#outputs, there, name, reference)
    if (part === ROOT) return { 'Fn::GetAtt': [there, `Outputs.${name}`] }
    note(this.#parameters, part, name, reference)
    return { Ref: name }
  }

  templateOf(part: string, resources: Template['Resources']): Template {
    const parameters = [...(this.#parameters.get(part) ?? [])].map(([name]) => [name, { Type: 'String' }])
    const outputs = [...(this.#outputs.get(part) ?? [])].map(([name, reference]) => [name, { Value: plain(reference) }])
    return {
      AWSTemplateFormatVersion: '2010-09-09',
      Description: `${this.#template.Description} (${part})`,
      ...(parameters.length === 0 ? {} : { Parameters: Object.fromEntries(parameters) }),
      Resources: resources,
      ...(outputs.length === 0 ? {} : { Outputs: Object.fromEntries(outputs) }),
    }
  }

  stackOf(part: string, url: string): TemplateResource {
    const given = [...(this.#parameters.get(part) ?? [])].map(([name, reference]): [string, Value] => [
      name,
      this.seenFrom(ROOT, plain(reference)),
    ])
    const after = [...(this.#waits.get(part) ?? [])]
    return {
      Type: 'AWS::CloudFormation::Stack',
      ...(after.length === 0 ? {} : { DependsOn: after }),
      Properties: {
        TemplateURL: url,
        ...(given.length === 0 ? {} : { Parameters: Object.fromEntries(given) }),
      },
    }
  }
}

type Crossing = Map<string, Map<string, Reference>>

function note(all: Crossing, part: string, name: string, reference: Reference): void {
  const own = all.get(part) ?? new Map<string, Reference>()
  all.set(part, own.set(name, reference))
}

const plain = ({ id, attribute }: Reference): Value =>
  attribute === undefined ? { Ref: id } : { 'Fn::GetAtt': [id, attribute] }

// With a hash, because `TableA` and `StreamArn` would be named as `TableAStream` and `Arn` are.
function nameOf({ id, attribute = 'Ref' }: Reference): string {
  const hash = createHash('sha256').update(`${id}.${attribute}`).digest('hex').slice(0, 6)
  return `From${id}${attribute.replace(/[^A-Za-z0-9]/g, '')}${hash}`
}
