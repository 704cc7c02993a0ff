// STS: a role is assumed; what anybody may ask is free.
// Source: https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html ("No permissions are required") and
// https://docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html
import { need, type Rule, type Service } from '../resource.ts'
import { type Input, isNamed, named } from '../text.ts'
import { toRole } from './pass-role.ts'

const assume: Rule = (input) => {
  const roles = toRoles(input)
  const tagged = isNamed(input.value, 'Tags') ? [need('sts:TagSession', roles)] : []
  const source = isNamed(input.value, 'SourceIdentity') ? [need('sts:SetSourceIdentity', roles)] : []
  return [need('sts:AssumeRole', roles), ...tagged, ...source]
}

function toRoles(input: Input): ReturnType<typeof toRole>[] {
  return named(input, 'RoleArn').map((role) => toRole(input, role))
}

export const sts: Service = {
  rules: { AssumeRole: assume },
  free: ['AssumeRoleWithSAML', 'AssumeRoleWithWebIdentity', 'GetAccessKeyInfo', 'GetCallerIdentity', 'GetSessionToken'],
}
