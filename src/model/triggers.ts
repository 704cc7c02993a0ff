// The functions of an app, and what wakes each of them.
import { type Complaint, complaint, toPlace } from '../errors.ts'
import type { DescribedFunction } from './describe.ts'
import { toFunction } from './functions.ts'
import { authorizer } from './kinds/authorizer.ts'
import { http } from './kinds/http.ts'
import { lambda } from './kinds/lambda.ts'
import { queue } from './kinds/queue.ts'
import { schedule } from './kinds/schedule.ts'
import type { TriggerKind } from './kinds.ts'
import type { FunctionModel, TriggerModel } from './model.ts'
import type { Target } from './names.ts'
import { checkOptions } from './options.ts'
import { called, type Owner, type Reading, type TriggerReader } from './reading.ts'

const TRIGGERS: Readonly<Record<TriggerKind, TriggerReader>> = { http, queue, schedule, lambda, authorizer }

/** A function and those that wake it. */
interface Owned {
  readonly owner: Owner
  readonly members: readonly [DescribedFunction, ...DescribedFunction[]]
}

/** Reads the functions; what is wrong is added to `complaints`. */
export function readFunctions(
  described: readonly DescribedFunction[],
  reading: Reading,
  target: Target,
  complaints: Complaint[],
): { functions: FunctionModel[]; triggers: TriggerModel[] } {
  for (const one of described) {
    complaints.push(...checkOptions(called(one), one.options, TRIGGERS[one.trigger].rules(one), one.where))
  }
  const functions: FunctionModel[] = []
  const triggers: TriggerModel[] = []
  for (const { owner, members } of byOwner(described, reading, complaints)) {
    const { made, complaints: wrong } = toFunction({
      what: called(members[0]),
      name: owner.name,
      exports: members.map((one) => one.export),
      described: members[0],
      options: owner.options,
      app: reading.app,
      target,
    })
    functions.push(made)
    complaints.push(...wrong)
    for (const one of members) {
      const read = TRIGGERS[one.trigger].read(one, owner.name, reading)
      triggers.push(...read.triggers)
      complaints.push(...read.complaints)
    }
  }
  return { functions, triggers }
}

function byOwner(described: readonly DescribedFunction[], reading: Reading, complaints: Complaint[]): Owned[] {
  const found = new Map<string, Owned>()
  for (const one of described) {
    const owner = TRIGGERS[one.trigger].owner(one, reading)
    const before = found.get(owner.name)
    if (before !== undefined && before.owner.identity !== owner.identity) {
      const details = { what: `The function ${owner.name}`, first: toPlace(before.members[0].where) }
      complaints.push(complaint('GOBLET_DUPLICATE_NAME', details, one.where))
    } else found.set(owner.name, { owner, members: before === undefined ? [one] : [...before.members, one] })
  }
  return [...found.values()]
}
