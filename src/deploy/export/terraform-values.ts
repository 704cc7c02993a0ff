// Template values as Terraform's JSON has them: references become expressions in texts, and texts are kept from being read as such.
import type { Properties, Template, TemplateResource, Value } from '../template.ts'
import { isList, isObject } from './portable.ts'
import { ADDRESSES, FALLBACK } from './terraform-addresses.ts'

/** A block of a resource, or of a data source; `lifecycle` and `depends_on` are properties like the others. */
export interface Block {
  readonly type: string
  readonly name: string
  readonly body: Properties
  readonly data?: true
}

/** What a mapping of one type is given: properties in which every reference is an expression already. */
export interface Mapped {
  readonly id: string
  /** What Terraform calls it: `queue_jobs`. */
  readonly name: string
  readonly stack: string
  readonly properties: Properties
  readonly resource: TemplateResource
  readonly template: Template
  /** An expression for an attribute of this type's first resource: `${aws_sqs_queue.queue_jobs.arn}`. */
  own(attribute: string): string
}

/** `QueueJobs` is `queue_jobs`; `RouteGETRooms` is `route_GET_rooms`, so that ids that differ stay different. */
export const toName = (id: string): string =>
  (id.match(/[A-Z]+(?![a-z])|[A-Z][a-z0-9]*|[a-z0-9]+/g) ?? [])
    .map((word) => (/^[A-Z]{2}/.test(word) ? word : word.toLowerCase()))
    .join('_')

// Not a text in its place: `$$` would be one `$` there.
export const literal = (text: string): string => text.replaceAll(/[$%]\{/g, (one) => one.charAt(0) + one)

export const expression = (text: string): string => `\${${text}}`

const PSEUDO: Readonly<Record<string, string>> = {
  'AWS::AccountId': 'data.aws_caller_identity.current.account_id',
  'AWS::Region': 'data.aws_region.current.id',
  'AWS::Partition': 'data.aws_partition.current.partition',
  'AWS::URLSuffix': 'data.aws_partition.current.dns_suffix',
}

/** What Terraform has to be told first, whichever of them is used. */
export const SURROUNDINGS = ['aws_caller_identity', 'aws_region', 'aws_partition'] as const

export function resolve(value: Value, template: Template): Value {
  if (typeof value === 'string') return literal(value)
  if (isList(value)) return value.map((one) => resolve(one, template))
  if (!isObject(value)) return value
  const { Ref, 'Fn::GetAtt': attribute, 'Fn::Join': join, 'Fn::Sub': sub } = value
  if (typeof Ref === 'string') return expression(refer(Ref, 'Ref', template))
  if (isList(attribute)) return expression(refer(String(attribute[0]), String(attribute[1]), template))
  if (isList(join) && isList(join[1])) {
    const parts = join[1].map((one) => resolve(one, template))
    return parts.map(String).join(literal(String(join[0] ?? '')))
  }
  if (typeof sub === 'string') return substitute(sub, template)
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [literal(key), resolve(one, template)]))
}

// Source: "Fn::Sub" of the CloudFormation reference: `${!word}` is the text `${word}`.
const substitute = (text: string, template: Template): string =>
  text
    .split(/(\$\{[^}]*\})/)
    .map((part) => {
      if (!part.startsWith('${')) return literal(part)
      const name = part.slice(2, -1)
      if (name.startsWith('!')) return literal(`\${${name.slice(1)}}`)
      const [id = '', ...rest] = name.split('.')
      return expression(refer(id, rest.length === 0 ? 'Ref' : rest.join('.'), template))
    })
    .join('')

function refer(id: string, attribute: string, { Resources, Parameters = {} }: Template): string {
  const pseudo = PSEUDO[id]
  if (pseudo !== undefined) return pseudo
  if (id in Parameters) return `var.${toName(id)}`
  const resource = Resources[id]
  if (resource === undefined) throw new Error(`The template refers to ${id}, which it does not hold.`)
  const known = ADDRESSES[resource.Type]
  const path = known?.[attribute]
  if (path !== undefined && !isCloudControl(id, resource)) return path.replace('*', toName(id))
  // Without quotes: this may come to stand within a text of JSON.
  const address = `${FALLBACK}.${toName(id)}`
  return attribute === 'Ref' ? `${address}.id` : `jsondecode(${address}.properties).${attribute}`
}

// As `resourceId('resource', …)` begins.
const RAW = 'Resource'

/**
 * What this version of Terraform's provider has no words for: it goes by AWS's Cloud Control API, which takes CloudFormation's.
 * Source: the provider's documentation of aws_lambda_permission, aws_api_gateway_integration and aws_sns_topic_subscription, 5.100.
 */
export function isCloudControl(id: string, { Type, Properties = {} }: TemplateResource): boolean {
  // What the app says in CloudFormation's words, `resource(…)`, may say anything: nothing of it may get lost.
  if (ADDRESSES[Type] === undefined || id.startsWith(RAW)) return true
  if (Type === 'AWS::Lambda::Permission') return Properties.InvokedViaFunctionUrl !== undefined
  if (Type === 'AWS::SNS::Subscription') return Properties.Region !== undefined
  return (
    Type === 'AWS::ApiGateway::Method' &&
    isObject(Properties.Integration) &&
    Properties.Integration.ResponseTransferMode !== undefined
  )
}

/** An object without what is undefined. */
export function body(given: Readonly<Record<string, Value | undefined>>): Properties {
  const entries = Object.entries(given).filter((one): one is [string, Value] => one[1] !== undefined)
  return Object.fromEntries(entries)
}

/** A block within a resource; none where there is no such property. */
export const within = (
  value: Value | undefined,
  to: (given: Properties) => Readonly<Record<string, Value | undefined>>,
): Value | undefined => (isObject(value) ? body(to(value)) : undefined)

/** Blocks of one kind within a resource. */
export const each = (
  value: Value | undefined,
  to: (given: Properties) => Readonly<Record<string, Value | undefined>>,
): Value[] | undefined => (isList(value) ? value.flatMap((one) => (isObject(one) ? [body(to(one))] : [])) : undefined)

/** JSON in a text, its references still expressions. */
export const json = (value: Value | undefined): string | undefined =>
  value === undefined ? undefined : JSON.stringify(value)

/** Tags as a map, however CloudFormation has them. */
export function tags(value: Value | undefined): Value | undefined {
  if (!isList(value)) return value
  return Object.fromEntries(
    value.flatMap((one) => (isObject(one) && typeof one.Key === 'string' ? [[one.Key, one.Value ?? '']] : [])),
  )
}
