// KMS keys as other services' inputs name them: by id, by ARN, by alias.
import type { Need } from '../need.ts'
import { arnOf, isArn, need } from '../resource.ts'
import { at, type Input, isNamed, type Text, texts } from '../text.ts'

// AWS's own keys are open to whoever may use the service in the account.
const MANAGED = /(^|:)alias\/aws\//

/**
 * What using the key that a member names needs; nothing where no member does. IAM knows keys by their ARN, never by an alias: an alias is any key, on condition that it
 * has that alias. Source: https://docs.aws.amazon.com/kms/latest/developerguide/alias-authorization.html
 */
export function keyNeeds(input: Input, name: string, actions: readonly string[]): Need[] {
  if (!isNamed(input.value, name)) return []
  return toKeys(
    input,
    texts(at(input.value, name)).filter(({ pattern }) => !MANAGED.test(pattern)),
    actions,
  )
}

/** The same for these keys, AWS's own among them. */
export function toKeys({ place }: Input, keys: readonly Text[], actions: readonly string[]): Need[] {
  return keys.flatMap(({ pattern, told }) => {
    const alias = /(?:^|:)(alias\/.*)$/.exec(pattern)?.[1]
    const arn =
      isArn(pattern) && alias === undefined
        ? pattern
        : arnOf(place, 'kms', `key/${alias === undefined ? pattern : '*'}`)
    const operator = alias?.includes('*') === true ? 'ForAnyValue:StringLike' : 'ForAnyValue:StringEquals'
    const conditions = alias === undefined ? undefined : { [operator]: { 'kms:ResourceAliases': [alias] } }
    return actions.map((action) => need(`kms:${action}`, [{ arn, exact: told }], conditions))
  })
}
