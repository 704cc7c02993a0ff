// ARNs of what an input names, and the needs that are made of them.
import type { Aliases } from './generic.ts'
import type { Conditions, Need, Place } from './need.ts'
import type { Input, Text } from './text.ts'

/** A resource that an input names, as far as it does. */
export interface Resource {
  readonly arn: string
  /** See `Need.exact`. */
  readonly exact: boolean
  /** Told by an ARN of the input, not by a name. */
  readonly whole?: boolean
}

/** The resources of one type that an input names; none where it names none. */
export type Finder = (input: Input) => readonly Resource[]

/** What a call needs. */
export type Rule = (input: Input) => readonly Need[]

/** What a service has that the table of actions does not tell. */
export interface Service {
  /** How the input names resources, by type. */
  readonly finders?: Readonly<Record<string, Finder>>
  /** Operations that are allowed by actions of other names, on the same resources as those. */
  readonly renamed?: Readonly<Record<string, string | readonly string[]>>
  /** What inputs call a hole of an ARN template, where generic.ts does not guess it. */
  readonly aliases?: Aliases
  /** What operations need besides the action of their name. */
  readonly besides?: Readonly<Record<string, Rule>>
  /** Operations whose needs follow from their input. */
  readonly rules?: Readonly<Record<string, Rule>>
  /** Operations that anybody may call. */
  readonly free?: readonly string[]
}

export const EVERYTHING: Resource = { arn: '*', exact: true }

/** `arn:aws:<service>:<region>:<account>:<rest>`, here. */
export function arnOf(place: Place, service: string, rest: string): string {
  return `arn:${place.partition}:${service}:${place.region}:${place.account}:${rest}`
}

export function isArn(text: string): boolean {
  return text.startsWith('arn:')
}

/** For things named by a name or an ARN: `prefix` stands between the account and the name, as in `table/`. */
export function byName({ place }: Input, service: string, prefix: string, given: readonly Text[]): readonly Resource[] {
  return given.map(({ pattern, told }) => ({
    arn: isArn(pattern) ? pattern : arnOf(place, service, `${prefix}${pattern}`),
    exact: told,
    whole: isArn(pattern),
  }))
}

export function need(action: string, resources: readonly Resource[], conditions?: Conditions): Need {
  const exact = resources.every((resource) => resource.exact)
  const arns = [...new Set(resources.map(({ arn }) => arn))]
  return { action, resources: arns, exact, ...(conditions === undefined ? {} : { conditions }) }
}

/** The needs with those of one action, under the same conditions, made one. */
export function joined(needs: readonly Need[]): readonly Need[] {
  if (needs.length < 2) return needs
  const found = new Map<string, Need[]>()
  for (const each of needs) {
    const key = each.conditions === undefined ? each.action : `${each.action} ${JSON.stringify(each.conditions)}`
    const alike = found.get(key)
    if (alike === undefined) found.set(key, [each])
    else alike.push(each)
  }
  return [...found.values()].map(together)
}

function together(needs: readonly Need[]): Need {
  const [first, ...others] = needs
  if (first === undefined) throw new Error('Needs are joined where there are none.')
  if (others.length === 0) return first
  const resources = [...new Set(needs.flatMap((each) => each.resources))]
  return { ...first, resources, exact: needs.every(({ exact }) => exact) }
}
