// `resource(type, properties)`: anything that CloudFormation makes, in its own words.
import { type Declaration, declare } from './declare.ts'

/** A resource in CloudFormation's words. The local cloud has none of it. */
export interface RawResource extends Declaration {
  readonly type: string
}

/**
 * Declares a resource that Goblet has no word for. Properties may hold handles of other resources.
 *
 * @example
 * export const sender = resource('AWS::SES::EmailIdentity', { EmailIdentity: 'shop.example.com' })
 */
export function resource(
  type: `${string}::${string}`,
  properties: Readonly<Record<string, unknown>> = {},
): RawResource {
  return declare({ type }, { role: 'resource', kind: 'resource', name: type, options: { properties } })
}
