// The role of a function: what it may do and no more, in as many policies as that takes.
import { problem } from '../../errors.ts'
import {
  type FunctionModel,
  functionArn,
  type Grant,
  lengthOf,
  type PolicyDocument,
  toPolicies,
  toPolicyDocument,
} from '../../model/index.ts'
import { ALIAS, logicalId, roleId } from '../ids.ts'
import { attribute, type Part, type Properties, ref, type Value } from '../template.ts'
import type { Making } from './making.ts'
import { wovenArn } from './weave.ts'

/** The ARN of the role that a function runs as. */
export const roleArn = ({ name, role }: FunctionModel): Value => role ?? attribute(roleId(name), 'Arn')

/** The role, and the policies that did not fit into it; nothing where somebody else's is named. */
export function toRole({ name, role, where }: FunctionModel, making: Making): Part {
  if (role !== undefined) return {}
  const grants = toGrants(making.permissions.get(name)?.grants ?? [], making)
  const { inline, managed: more, fits } = toPolicies(grants)
  if (!fits) throw problem('GOBLET_POLICY_TOO_LONG', { name, length: lengthOf(toPolicyDocument(grants)) }, where)
  const managed = more.map(
    (document, index) => [logicalId('ManagedPolicy', name, String(index + 1)), document] as const,
  )
  const properties = {
    AssumeRolePolicyDocument: TRUST,
    ...(inline.Statement.length === 0
      ? {}
      : { Policies: [{ PolicyName: 'grants', PolicyDocument: toDocument(inline, making) }] }),
    ...(managed.length === 0 ? {} : { ManagedPolicyArns: managed.map(([id]) => ref(id)) }),
  }
  const parts = managed.map(([id, document]) => [
    id,
    { Type: 'AWS::IAM::ManagedPolicy', Properties: { PolicyDocument: toDocument(document, making) } },
  ])
  return { [roleId(name)]: { Type: 'AWS::IAM::Role', Properties: properties }, ...Object.fromEntries(parts) }
}

const TRUST = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' }],
}

/** What one function may call of another holds for its alias too, by which everything here calls it. */
function toGrants(grants: readonly Grant[], { model }: Making): Grant[] {
  const own = new Set(model.functions.map((one) => functionArn(one, model)))
  return grants.flatMap((one) =>
    own.has(one.resource) ? [one, { ...one, resource: `${one.resource}:${ALIAS}` }] : [one],
  )
}

const toDocument = ({ Version, Statement }: PolicyDocument, making: Making): Properties => ({
  Version,
  Statement: Statement.map(({ Effect, Action, Resource, Condition }) => ({
    Effect,
    Action,
    Resource: Resource.map((arn) => wovenArn(arn, making)),
    ...(Condition === undefined ? {} : { Condition }),
  })),
})
