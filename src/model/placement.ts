// Where a resource is: made under the app's names, made under a name of its own, or already there.
import type { DescribedResource } from './describe.ts'
import { arnName, type Named, physicalName, type Target } from './names.ts'
import { flag, flagOf, type Rules, text, textOf } from './options.ts'

/** Options that every resource takes. */
export const PLACEMENT_RULES = { existing: flag, physicalName: text } satisfies Rules

export interface Placed {
  readonly physicalName: string
  readonly existing: boolean
  /** The user gave the name on AWS, so Goblet's rules for names do not apply. */
  readonly given: boolean
}

/** The name on AWS: what was given, or `<app>-<stage>-<name>`. */
export function placed(named: Named, { name, options }: DescribedResource, target: Target): Placed {
  const arn = arnName(name)
  const existing = arn !== undefined || flagOf(options, 'existing')
  const own = textOf(options, 'physicalName', '')
  const known = own !== '' ? own : (arn ?? (existing ? name : undefined))
  return { physicalName: known ?? physicalName(named, name, target), existing, given: known !== undefined }
}
