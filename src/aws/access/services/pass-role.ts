// Handing a role to a service is an action of its own: whoever names a role for AWS to act as needs iam:PassRole on it.
// Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html
import type { Need } from '../need.ts'
import { isArn, need } from '../resource.ts'
import { alternatives, at, type Input, isAbsent, member, type Text, texts } from '../text.ts'
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

// The services whose name for themselves, as the one that a role is handed to, is known.
// Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html and the services' own guides.
const PRINCIPALS: Readonly<Record<string, string>> = {
  bedrock: 'bedrock.amazonaws.com',
  cloudformation: 'cloudformation.amazonaws.com',
  codebuild: 'codebuild.amazonaws.com',
  codepipeline: 'codepipeline.amazonaws.com',
  comprehend: 'comprehend.amazonaws.com',
  ecs: 'ecs-tasks.amazonaws.com',
  events: 'events.amazonaws.com',
  firehose: 'firehose.amazonaws.com',
  glue: 'glue.amazonaws.com',
  lambda: 'lambda.amazonaws.com',
  logs: 'logs.amazonaws.com',
  mediaconvert: 'mediaconvert.amazonaws.com',
  pipes: 'pipes.amazonaws.com',
  sagemaker: 'sagemaker.amazonaws.com',
  scheduler: 'scheduler.amazonaws.com',
  states: 'states.amazonaws.com',
}

// Services whose inputs name roles that are not handed to them: looked at, assumed, or no role of IAM's.
const APART = new Set([
  'iam',
  'sts',
  'chime',
  'repostspace',
  'quicksight',
  'workmail',
  'eks',
  'lakeformation',
  'neptune-db',
])
const MEMBER =
  /^(iam|execution|service|serviceExecution|dataAccess|serviceAccess|monitoring|task|cloudWatchLogs|access|logging|jobFlow|autoScaling|compute|custom|agentResource|pipeline)?role(arn)?$/i

/** What the members of an input that are called like a role need: a role that is named is handed to the service. */
export function handedRoles(prefix: string, { value, place }: Input): Need[] {
  if (APART.has(prefix)) return []
  const roles = alternatives(value).flatMap((one) => {
    if (one.kind !== 'object') return []
    const names = [...one.members.keys()].filter((name) => MEMBER.test(name))
    return names.flatMap((name) => member(one, name).filter((each) => isRole(prefix, name, each)))
  })
  const given = texts(roles)
  if (given.length === 0) return []
  const to = PRINCIPALS[prefix]
  const conditions = to === undefined ? undefined : { StringEquals: { 'iam:PassedToService': [to] } }
  return [
    need(
      'iam:PassRole',
      given.map((role) => toRole({ value, place }, role)),
      conditions,
    ),
  ]
}

/** A `Role` may be an admin's or a viewer's; a `RoleArn` is one of IAM's, and Glue takes a role's name. */
function isRole(prefix: string, member: string, value: Value): boolean {
  if (isAbsent(value)) return false
  return (
    /arn$/i.test(member) || prefix === 'glue' || texts([value]).some(({ pattern, told }) => !told || isArn(pattern))
  )
}
