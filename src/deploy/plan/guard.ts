// The last word before CloudFormation makes changes: its own account of what they replace or remove, held against what holds data.
import type { Change } from '@aws-sdk/client-cloudformation'
import { type Complaint, complaint, type Where } from '../../errors.ts'
import { HOLDERS, isPassing } from './replacements.ts'

export interface Guarding {
  /** Where the parts of the template are declared, by logical id. */
  readonly places: ReadonlyMap<string, Where>
  /** It may be replaced or removed. */
  readonly allowReplace: boolean
}

/**
 * Why a change set is not made; empty: it may be. The plan has refused already what the template tells: this is for what only
 * CloudFormation knows. `Conditional` is none of it: that is how it calls every change that depends on a value it does not
 * know yet. Source: CloudFormation API Reference, "ResourceChange".
 */
export function refusalsOf(changes: readonly Change[], { places, allowReplace }: Guarding): Complaint[] {
  if (allowReplace) return []
  return changes.flatMap(({ ResourceChange: change }): Complaint[] => {
    const { LogicalResourceId: id = '', ResourceType: type = '', PhysicalResourceId: name = id } = change ?? {}
    const holds = HOLDERS[type]?.holds
    if (change === undefined || holds === undefined || isPassing(type)) return []
    const isReplaced = change.Action === 'Modify' && change.Replacement === 'True'
    const isRemoved = change.Action === 'Remove' && change.PolicyAction === 'Delete'
    if (!isReplaced && !isRemoved) return []
    const problem = `CloudFormation would ${isReplaced ? 'replace' : 'remove'} ${type} ${name}, with ${holds}`
    const mend = `Declare it under another name, and this one stays; to let ${holds} go, deploy with --allow-replace.`
    return [complaint('GOBLET_REPLACES_DATA', { problem, mend }, places.get(id))]
  })
}
