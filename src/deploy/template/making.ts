// What every kind is given to make its part of the template, and how parts name each other.
import {
  type FunctionModel,
  functionArn,
  type Model,
  type Permissions,
  type ResourceModel,
  resourceArn,
  type TriggerModel,
} from '../../model/index.ts'
import { aliasId, resourceId } from '../ids.ts'
import { attribute, type Part, ref, type Value } from '../template.ts'

/** Where a function's code is for CloudFormation to take. */
export interface CodePlace {
  /** The artifact bucket, and the key in it, which says the content's hash. */
  readonly bucket: string
  readonly key: string
}

/** What only AWS can tell of things that are there already. */
export interface Known {
  /** The ARN of the stream of a table that the app does not make, by the table's declared name. */
  readonly tableStreams: ReadonlyMap<string, string>
  /** The hosted zone for a domain, and its certificate's ARN where one is given. */
  readonly hostedZones: ReadonlyMap<string, string>
}

export interface Making {
  readonly model: Model
  readonly permissions: Permissions
  /** By the function's name. */
  readonly code: ReadonlyMap<string, CodePlace>
  readonly known: Known
}

/** Makes the part of the template that follows from one trigger or one resource. */
export type MakeTrigger<Trigger extends TriggerModel> = (trigger: Trigger, making: Making) => Part
export type MakeResource<Resource extends ResourceModel> = (resource: Resource, making: Making) => Part

export function findFunction(name: string, { model }: Making): FunctionModel {
  const found = model.functions.find((one) => one.name === name)
  // The model has been checked: triggers name functions that are there.
  if (found === undefined) throw new Error(`The model has no function ${name}.`)
  return found
}

/** The function as everything calls it: the ARN of its alias, which rollback moves. */
export const aliasArn = (name: string): Value => ref(aliasId(name))

/** The alias's ARN as a text, where a reference would make a circle. */
export const aliasArnText = (name: string, making: Making, alias: string): string =>
  `${functionArn(findFunction(name, making), making.model)}:${alias}`

export function findResource<Kind extends ResourceModel['kind']>(
  kind: Kind,
  name: string,
  { model }: Making,
): Extract<ResourceModel, { kind: Kind }> {
  const found = model.resources.find(
    (one): one is Extract<ResourceModel, { kind: Kind }> => one.kind === kind && one.name === name,
  )
  if (found === undefined) throw new Error(`The model has no ${kind} ${name}.`)
  return found
}

/** The ARN of a queue, topic, bucket, table, stream or bus: a reference to what the stack makes, a text of what is there. */
export function arnOf(
  kind: 'queue' | 'topic' | 'bucket' | 'table' | 'stream' | 'bus',
  name: string,
  making: Making,
): Value {
  const found = findResource(kind, name, making)
  if (found.existing) return arnTextOf(kind, name, making)
  const id = resourceId(kind, name)
  return kind === 'topic' ? ref(id) : attribute(id, 'Arn')
}

/** The same ARN as a text, which makes no dependency. */
export function arnTextOf(
  kind: 'queue' | 'topic' | 'bucket' | 'table' | 'stream' | 'bus',
  name: string,
  making: Making,
): string {
  const arn = resourceArn(findResource(kind, name, making), making.model)
  if (arn === undefined) throw new Error(`The ${kind} ${name} has no ARN.`)
  return arn
}
