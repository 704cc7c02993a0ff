// The functions of an app, and what wakes each of them.
import { type Complaint, complaint, toPlace } from '../errors.ts'
import type { DescribedFunction } from './describe.ts'
import { toFunction } from './functions.ts'
import { authorizer } from './kinds/authorizer.ts'
import { bucket } from './kinds/bucket.ts'
import { bus } from './kinds/bus.ts'
import { http, SHARED, SHARED_FUNCTION } from './kinds/http.ts'
import { lambda } from './kinds/lambda.ts'
import { queue } from './kinds/queue.ts'
import { schedule } from './kinds/schedule.ts'
import { stream } from './kinds/stream.ts'
import { table } from './kinds/table.ts'
import { topic } from './kinds/topic.ts'
import { websocket } from './kinds/websocket.ts'
import type { TriggerKind } from './kinds.ts'
import type { FunctionModel, TriggerModel } from './model.ts'
import type { Target } from './names.ts'
import { checkOptions } from './options.ts'
import type { Asked } from './permission-options.ts'
import { called, type Owner, type Reading, type TriggerReader } from './reading.ts'

const TRIGGERS: Readonly<Record<TriggerKind, TriggerReader>> = {
  http,
  queue,
  topic,
  bucket,
  table,
  stream,
  bus,
  schedule,
  websocket,
  lambda,
  authorizer,
}

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
): { functions: FunctionModel[]; triggers: TriggerModel[]; asked: ReadonlyMap<string, readonly Asked[]> } {
  for (const one of described) {
    complaints.push(...checkOptions(called(one), one.options, TRIGGERS[one.trigger].rules(one), one.where))
  }
  const functions: FunctionModel[] = []
  const triggers: TriggerModel[] = []
  const permissions = new Map<string, readonly Asked[]>()
  for (const { owner, members } of byOwner(described, reading, complaints)) {
    const {
      made,
      asked,
      complaints: wrong,
    } = toFunction({
      what: called(members[0]),
      name: owner.name,
      exports: members.map((one) => one.export),
      described: members[0],
      options: owner.options,
      app: reading.app,
      appWhere: reading.where,
      target,
    })
    functions.push(made)
    permissions.set(made.name, asked)
    complaints.push(...wrong)
    for (const one of members) {
      const read = TRIGGERS[one.trigger].read(one, owner.name, reading)
      triggers.push(...read.triggers)
      complaints.push(...read.complaints)
    }
  }
  return { functions, triggers, asked: permissions }
}

// Which declarations wake in which function.
function byOwner(described: readonly DescribedFunction[], reading: Reading, complaints: Complaint[]): Owned[] {
  const owned = described.map((one) => ({ one, owner: TRIGGERS[one.trigger].owner(one, reading) }))
  const shares = owned.some(({ owner }) => owner.identity === SHARED)
  const found = new Map<string, Owned>()
  const told = new Set<string>()
  for (const { one, owner } of owned) {
    const before = found.get(owner.name)
    const isTaken = shares && owner.name === SHARED_FUNCTION && owner.identity !== SHARED
    if (!isTaken && (before === undefined || before.owner.identity === owner.identity)) {
      found.set(owner.name, { owner, members: before === undefined ? [one] : [...before.members, one] })
      continue
    }
    // A group is told once, however many routes it holds.
    if (!told.has(owner.identity))
      complaints.push(isTaken || before === undefined ? taken(owner) : twice(owner, before))
    told.add(owner.identity)
  }
  return [...found.values()]
}

function taken({ identity, name, where }: Owner): Complaint {
  const problem = 'is taken by the function that routes share'
  const details = { what: identity, name, problem, allowed: 'Export it under another name.' }
  return complaint('GOBLET_BAD_NAME', details, where)
}

function twice({ name, where }: Owner, before: Owned): Complaint {
  const details = { what: `The function ${name}`, first: toPlace(before.owner.where) }
  return complaint('GOBLET_DUPLICATE_NAME', details, where)
}
