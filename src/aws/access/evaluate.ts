// Decides a call by policies, as IAM does: what nobody allows is denied, and what anybody denies is denied.
// Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
import { type Condition, compileConditions } from './evaluation/conditions.ts'
import { type Context, NO_CONTEXT } from './evaluation/context.ts'
import { compilePattern, type Pattern } from './evaluation/pattern.ts'

export { type Context, NO_CONTEXT } from './evaluation/context.ts'
export { isLike } from './evaluation/pattern.ts'

/** What policies say of one call. */
export type Decision = 'allow' | 'explicit deny' | 'implicit deny'

/** One call to decide. */
export interface Called {
  /** `dynamodb:PutItem`; upper and lower case are the same. */
  readonly action: string
  /** An ARN, or `*` where the action knows no resources. Upper and lower case differ. */
  readonly resource: string
  readonly context?: Context
}

/** One statement, read. */
export interface Statement {
  readonly effect: 'Allow' | 'Deny'
  readonly actions: readonly Pattern[]
  readonly resources: readonly Pattern[]
  /** The lists say what is left out: `NotAction`, `NotResource`. */
  readonly notActions: boolean
  readonly notResources: boolean
  readonly conditions: readonly Condition[]
}

/** Reads a policy document; undefined for what AWS could not parse. Whom it is attached to is not its matter. */
export function readPolicy(document: unknown): readonly Statement[] | undefined {
  if (!isRecord(document)) return undefined
  const { Version: version, Statement: given } = document
  // A policy without a version is one of 2008, to which variables are text like any other.
  const variables = version === '2012-10-17'
  const list: readonly unknown[] = Array.isArray(given) ? given : [given]
  const read = list.map((one) => readStatement(one, variables))
  const good = read.filter((statement) => statement !== undefined)
  return good.length === read.length ? good : undefined
}

function readStatement(given: unknown, variables: boolean): Statement | undefined {
  if (!isRecord(given)) return undefined
  const { Effect: effect, Action, NotAction, Resource, NotResource, Condition: conditions = {} } = given
  const actions = toTexts(Action ?? NotAction)
  const resources = toTexts(Resource ?? NotResource)
  const compiled = compileConditions(conditions, variables)
  if (effect !== 'Allow' && effect !== 'Deny') return undefined
  if (actions === undefined || resources === undefined || compiled === undefined) return undefined
  return {
    effect,
    actions: actions.map((action) => compilePattern(action.toLowerCase(), false)),
    resources: resources.map((resource) => compilePattern(resource, variables)),
    notActions: Action === undefined,
    notResources: Resource === undefined,
    conditions: compiled,
  }
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

function toTexts(value: unknown): readonly string[] | undefined {
  const list: readonly unknown[] = Array.isArray(value) ? value : [value]
  const texts = list.filter((one) => typeof one === 'string')
  return texts.length === list.length ? texts : undefined
}

/** Decides a call: an explicit deny wins over any allow. */
export function evaluate(policy: readonly Statement[], { action, resource, context = NO_CONTEXT }: Called): Decision {
  const called = action.toLowerCase()
  let decision: Decision = 'implicit deny'
  for (const statement of policy) {
    const { effect } = statement
    if (decision === 'allow' && effect === 'Allow') continue
    if (!covers(statement, called, resource, context)) continue
    if (effect === 'Deny') return 'explicit deny'
    decision = 'allow'
  }
  return decision
}

function covers(
  { effect, actions, resources, notActions, notResources, conditions }: Statement,
  action: string,
  resource: string,
  context: Context,
): boolean {
  return (
    actions.some((pattern) => pattern(action, context)) !== notActions &&
    resources.some((pattern) => pattern(resource, context)) !== notResources &&
    // A condition that nobody here can decide lets nothing pass: no allow has it, every deny does.
    conditions.every((condition) => condition(context) ?? effect === 'Deny')
  )
}
