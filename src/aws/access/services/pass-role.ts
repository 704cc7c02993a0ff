// Handing a role to a service is an action of its own: whoever names a role for AWS to act as needs iam:PassRole on it.
// Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html
import type { Need } from '../need.ts'
import { isArn, need } from '../resource.ts'
import { at, type Input, type Text, texts } from '../text.ts'
import type { Value } from '../value.ts'

/** What handing over the role at this path of the input needs; nothing where there is none. */
export function passRole(input: Input, to: string, path: readonly string[]): Need[] {
  return passRoles(input, to, at(input.value, ...path))
}

/** The same for roles that were looked for already. */
export function passRoles(input: Input, to: string, roles: readonly Value[]): Need[] {
  const given = texts(roles)
  if (given.length === 0) return []
  const conditions = { StringEquals: { 'iam:PassedToService': [to] } }
  return [
    need(
      'iam:PassRole',
      given.map((role) => toRole(input, role)),
      conditions,
    ),
  ]
}

/** A role by its ARN or, where the service takes that, its name. */
export function toRole({ place }: Input, { pattern, told }: Text): { arn: string; exact: boolean } {
  return { arn: isArn(pattern) ? pattern : `arn:${place.partition}:iam::${place.account}:role/${pattern}`, exact: told }
}
