// From grants to the policy of a role: few statements, in an order that does not change, and never wider than the grants.
import type { Grant } from './permissions.ts'

export interface Statement {
  readonly Effect: 'Allow'
  readonly Action: readonly string[]
  readonly Resource: readonly string[]
  readonly Condition?: NonNullable<Grant['conditions']>
}

export interface PolicyDocument {
  readonly Version: '2012-10-17'
  readonly Statement: readonly Statement[]
}

/** What all inline policies of a role may have together; IAM does not count white space. Source: "IAM and AWS STS quotas". */
export const POLICY_LIMIT = 10_240

// Source: the same page. More than ten managed policies a role need a quota.
const MANAGED_LIMIT = 6_144
const MANAGED_POLICIES = 10

type Pick = {
  readonly action: string
  readonly resource: string
  readonly conditions: Statement['Condition'] | undefined
}

const order = (left: string, right: string): number => (left < right ? -1 : left > right ? 1 : 0)
const sorted = (all: Iterable<string>): string[] => [...new Set(all)].sort(order)

/**
 * The policy that allows these grants and nothing else: what is allowed under the same conditions on the same resources is one
 * statement. Where that is still too long for IAM, what is allowed on many resources is put together by resources instead.
 */
export function toPolicyDocument(grants: readonly Grant[]): PolicyDocument {
  const picks = withoutCovered(grants)
  const byResources = toDocument(group(picks, 'action', 'resource'))
  const byActions = toDocument(group(picks, 'resource', 'action'))
  return lengthOf(byActions) < lengthOf(byResources) ? byActions : byResources
}

export const lengthOf = (document: PolicyDocument): number => JSON.stringify(document).length

export interface Policies {
  readonly inline: PolicyDocument
  /** What did not fit into it, in policies of their own. */
  readonly managed: readonly PolicyDocument[]
  /** A role can hold them all. */
  readonly fits: boolean
}

/** The policies that allow these grants and nothing else: one, where one is enough. */
export function toPolicies(grants: readonly Grant[]): Policies {
  const whole = toPolicyDocument(grants)
  if (lengthOf(whole) <= POLICY_LIMIT) return { inline: whole, managed: [], fits: true }
  const [inline = toDocument([]), ...managed] = pack(whole.Statement.flatMap(divided))
  const isHeld = lengthOf(inline) <= POLICY_LIMIT && managed.every(isManaged)
  return { inline, managed, fits: isHeld && managed.length <= MANAGED_POLICIES }
}

const isManaged = (document: PolicyDocument): boolean => lengthOf(document) <= MANAGED_LIMIT

/** A statement as several that a managed policy can hold each. */
function divided(statement: Statement): Statement[] {
  const { Action, Resource } = statement
  if (isManaged(toDocument([statement])) || (Action.length === 1 && Resource.length === 1)) return [statement]
  const [name, list] = Resource.length > 1 ? (['Resource', Resource] as const) : (['Action', Action] as const)
  const half = Math.ceil(list.length / 2)
  return [list.slice(0, half), list.slice(half)].flatMap((some) => divided({ ...statement, [name]: some }))
}

const EMPTY = lengthOf(toDocument([]))

/** Fills the inline policy first, then one managed policy after the other. */
function pack(statements: readonly Statement[]): PolicyDocument[] {
  const bins: { length: number; readonly statements: Statement[] }[] = []
  for (const one of statements) {
    // With the comma before it.
    const length = JSON.stringify(one).length + 1
    const bin = bins.find((some, index) => some.length + length <= (index === 0 ? POLICY_LIMIT : MANAGED_LIMIT))
    if (bin === undefined) bins.push({ length: EMPTY + length, statements: [one] })
    else {
      bin.length += length
      bin.statements.push(one)
    }
  }
  return bins.map((bin) => toDocument(bin.statements))
}

/** Grants without those that another one takes in: the same action on everything, under no condition. */
function withoutCovered(grants: readonly Grant[]): Pick[] {
  const wide = new Set(
    grants.filter((one) => one.resource === '*' && one.conditions === undefined).map(({ action }) => action),
  )
  return grants
    .filter(({ action, resource, conditions }) => !wide.has(action) || (resource === '*' && conditions === undefined))
    .map(({ action, resource, conditions }) => ({ action, resource, conditions }))
}

function by<Item>(items: readonly Item[], key: (item: Item) => string): Map<string, Item[]> {
  const found = new Map<string, Item[]>()
  for (const item of items) {
    const alike = found.get(key(item))
    if (alike === undefined) found.set(key(item), [item])
    else alike.push(item)
  }
  return found
}

/** Brings together first what has one `inner` (all `outer` of it), then what has the same of those. */
function group(picks: readonly Pick[], inner: 'action' | 'resource', outer: 'action' | 'resource'): Statement[] {
  const conditioned = by(picks, ({ conditions }) => canonical(conditions))
  return [...conditioned.values()].flatMap((some) => {
    const lists = [...by(some, (one) => one[inner])].map(([name, all]) => ({
      name,
      others: sorted(all.map((one) => one[outer])),
    }))
    const condition = some[0]?.conditions
    return [...by(lists, ({ others }) => others.join('\n')).values()].map((alike): Statement => {
      const names = sorted(alike.map(({ name }) => name))
      const others = alike[0]?.others ?? []
      return {
        Effect: 'Allow',
        Action: inner === 'action' ? names : others,
        Resource: inner === 'action' ? others : names,
        ...(condition === undefined ? {} : { Condition: condition }),
      }
    })
  })
}

function toDocument(statements: readonly Statement[]): PolicyDocument {
  const key = ({ Action, Resource, Condition }: Statement): string =>
    [Action.join(), Resource.join(), canonical(Condition)].join('\n')
  return { Version: '2012-10-17', Statement: [...statements].sort((left, right) => order(key(left), key(right))) }
}

/** Conditions as a text that is the same for the same conditions. */
function canonical(conditions: Statement['Condition'] | undefined): string {
  if (conditions === undefined) return ''
  const operators = Object.entries(conditions).map(([operator, keys]) => {
    const all = Object.entries(keys).map(([name, values]) => [name, sorted(values)] as const)
    return [operator, all.sort(([left], [right]) => order(left, right))] as const
  })
  return JSON.stringify(operators.sort(([left], [right]) => order(left, right)))
}
