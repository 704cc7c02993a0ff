// The policies that authorizers answer with: which API calls (execute-api ARNs) they allow, and the ARNs themselves.

/** What a policy says of one call. An explicit deny wins over any allow. Source: IAM's policy evaluation logic. */
export type Decision = 'allow' | 'explicit deny' | 'implicit deny'

/** One statement, lists spelled out. */
export interface Statement {
  readonly effect: 'Allow' | 'Deny'
  readonly actions: readonly string[]
  readonly resources: readonly string[]
  /** The lists say what is left out: `NotAction`, `NotResource`. */
  readonly notActions: boolean
  readonly notResources: boolean
  /** It has a `Condition`, which only AWS can decide. */
  readonly conditional: boolean
}

export const INVOKE = 'execute-api:Invoke'

/** Reads a policy document; undefined for what API Gateway could not parse. */
export function readPolicy(document: unknown): readonly Statement[] | undefined {
  if (!isRecord(document)) return undefined
  const given = Array.isArray(document.Statement) ? document.Statement : [document.Statement]
  const read = given.map(readStatement)
  const good = read.filter((statement) => statement !== undefined)
  return good.length === read.length ? good : undefined
}

function readStatement(given: unknown): Statement | undefined {
  if (!isRecord(given)) return undefined
  const { Effect: effect } = given
  const actions = toTexts(given.Action ?? given.NotAction)
  const resources = toTexts(given.Resource ?? given.NotResource)
  if ((effect !== 'Allow' && effect !== 'Deny') || actions === undefined || resources === undefined) return undefined
  return {
    effect,
    actions,
    resources,
    notActions: given.Action === undefined,
    notResources: given.Resource === undefined,
    conditional: given.Condition !== undefined,
  }
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

function toTexts(value: unknown): readonly string[] | undefined {
  const list: readonly unknown[] = Array.isArray(value) ? value : [value]
  const texts = list.filter((one) => typeof one === 'string')
  return texts.length === list.length ? texts : undefined
}

/**
 * Decides a call. Conditions are not read: an allow that has one never holds and a deny that has one always does, so that
 * nothing passes here that AWS would refuse.
 */
export function decide(policy: readonly Statement[], action: string, resource: string): Decision {
  let decision: Decision = 'implicit deny'
  for (const statement of policy) {
    if (!covers(statement, action, resource)) continue
    if (statement.effect === 'Deny') return 'explicit deny'
    if (!statement.conditional) decision = 'allow'
  }
  return decision
}

function covers(
  { actions, resources, notActions, notResources }: Statement,
  action: string,
  resource: string,
): boolean {
  const called = action.toLowerCase()
  return (
    actions.some((pattern) => isLike(called, pattern.toLowerCase())) !== notActions &&
    resources.some((pattern) => isLike(resource, pattern)) !== notResources
  )
}

/** Whether a text is like an IAM pattern: `*` for anything, slashes and nothing included, `?` for one character. */
export function isLike(text: string, pattern: string): boolean {
  let at = 0
  let here = 0
  let star = -1
  let from = 0
  // Goes back to the last star only, so the time is bounded by both lengths multiplied, whatever the pattern.
  while (at < text.length) {
    if (pattern[here] === '*') {
      star = here++
      from = at
    } else if (here < pattern.length && (pattern[here] === '?' || pattern[here] === text[at])) {
      here++
      at++
    } else if (star >= 0) {
      here = star + 1
      at = ++from
    } else return false
  }
  while (pattern[here] === '*') here++
  return here === pattern.length
}

/** What a method ARN is made of. */
export interface RouteArn {
  readonly region: string
  readonly account: string
  readonly api: string
  readonly stage: string
  readonly method: string
  /** As sent, beginning with a slash, without the stage. */
  readonly path: string
}

/** `arn:aws:execute-api:us-east-1:123456789012:abcdef123/prod/GET/pets/1`: what an authorizer is asked about. */
export function toRouteArn({ region, account, api, stage, method, path }: RouteArn): string {
  return `arn:aws:execute-api:${region}:${account}:${api}/${stage}/${method}${path}`
}

/** The part of a method ARN that all routes of its stage share, its method and its path. */
export function splitRouteArn(arn: string): { readonly stage: string; readonly method: string; readonly path: string } {
  const [api = '', stage = '', method = '', ...rest] = arn.split('/')
  return { stage: `${api}/${stage}`, method, path: `/${rest.join('/')}` }
}
