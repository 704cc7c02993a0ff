// CloudFormation's template as data: what the kinds make parts of, plan compares and apply hands to AWS.

/** Anything that JSON holds; intrinsic functions are objects of one key: `{ Ref: 'QueueJobs' }`. */
export type Value = string | number | boolean | null | readonly Value[] | { readonly [name: string]: Value }

/** Properties in CloudFormation's words. */
export type Properties = { readonly [name: string]: Value }

export interface TemplateResource {
  /** `AWS::SQS::Queue`. */
  readonly Type: string
  readonly Properties?: Properties
  readonly DependsOn?: readonly string[]
  /** What becomes of it when it leaves the stack. What holds data stays: `RetainExceptOnCreate`. */
  readonly DeletionPolicy?: 'Delete' | 'Retain' | 'RetainExceptOnCreate'
  readonly UpdateReplacePolicy?: 'Delete' | 'Retain'
  readonly Metadata?: Properties
}

export interface Output {
  readonly Description?: string
  readonly Value: Value
}

export interface Template {
  readonly AWSTemplateFormatVersion: '2010-09-09'
  readonly Description: string
  readonly Metadata?: Properties
  readonly Parameters?: { readonly [name: string]: Properties }
  readonly Resources: { readonly [id: string]: TemplateResource }
  readonly Outputs?: { readonly [name: string]: Output }
}

/** A part of a template: resources by logical id. */
export type Part = Template['Resources']

export const ref = (id: string): Value => ({ Ref: id })

export const attribute = (id: string, name: string): Value => ({ 'Fn::GetAtt': [id, name] })

/** Texts and references as one text. */
export function joined(...parts: readonly Value[]): Value {
  const flat = parts.flatMap(partsOf)
  const [only] = flat
  if (flat.length === 1 && only !== undefined) return only
  return flat.every((one) => typeof one === 'string') ? flat.join('') : { 'Fn::Join': ['', flat] }
}

// What was joined before is joined as a whole.
function partsOf(value: Value): readonly Value[] {
  if (typeof value !== 'object' || value === null || !('Fn::Join' in value)) return [value]
  const inner = value['Fn::Join']
  return Array.isArray(inner) && inner[0] === '' && Array.isArray(inner[1]) ? inner[1] : [value]
}

/** Of what holds data: it stays when it leaves the stack, unless it was never there whole. */
export const KEPT = { DeletionPolicy: 'RetainExceptOnCreate', UpdateReplacePolicy: 'Retain' } as const
