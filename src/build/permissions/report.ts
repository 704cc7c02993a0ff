// From what the engine found out to grants and findings, each with its place in the user's files.
import { relative, sep } from 'node:path'
import { type Need, needsOf, type Place, UNKNOWN, type Value } from '../../aws/access.ts'
import type { Where } from '../../errors.ts'
import { type Finding, type FunctionPermissions, type Grant, partitionOf } from '../../model/index.ts'
import type { Node } from './ast.ts'
import { just, NOTHING } from './atoms.ts'
import type { Fact, Facts, Notice } from './facts.ts'
import { type EventValue, toInput } from './inputs.ts'
import type { Unit } from './machine.ts'
import type { Module } from './modules.ts'
import type { Code } from './scope.ts'
import { isOwn, regionsOf } from './sdk/credentials.ts'

export interface ReportGiven {
  readonly facts: Facts
  readonly root: string
  readonly place: Place
  readonly event: EventValue
}

/** Everything that one function needs, and what a person has to look at. */
export function report({ facts, root, place, event }: ReportGiven): FunctionPermissions {
  const grants = new Map<string, Grant>()
  const warnings = new Map<string, Finding>()
  const errors = new Map<string, Finding>()
  const tell = (to: Map<string, Finding>, finding: Finding): void => {
    to.set(`${finding.kind}:${finding.where.file}:${finding.where.line}:${finding.message}`, finding)
  }
  for (const notice of facts.notices()) tell(notice.fatal ? errors : warnings, toFinding(notice, root))
  for (const fact of facts.facts()) {
    if (fact.client !== undefined && !isOwn(fact.client)) continue
    const where = whereOf(fact, root)
    if (fact.operation === undefined) {
      tell(errors, unresolvedOperation(fact, where))
      continue
    }
    for (const [input, at] of combinations(fact, event, place)) {
      const needs = needsOf({ service: fact.service, name: fact.operation }, input, at)
      if (needs === undefined) {
        tell(errors, unknownOperation(fact, where))
        break
      }
      for (const need of needs) {
        for (const resource of need.resources) {
          const key = `${need.action} ${resource} ${JSON.stringify(need.conditions ?? {})}`
          if (!grants.has(key)) grants.set(key, toGrant(need, resource, fact, root))
        }
        if (!need.exact) tell(warnings, unresolvedResource(fact, need, where))
      }
    }
  }
  const byName = (left: Grant, right: Grant): number =>
    left.action.localeCompare(right.action) || left.resource.localeCompare(right.resource)
  return { grants: [...grants.values()].sort(byName), warnings: sorted(warnings), errors: sorted(errors) }
}

const sorted = (findings: ReadonlyMap<string, Finding>): Finding[] =>
  [...findings.values()].sort(
    (left, right) => left.where.file.localeCompare(right.where.file) || left.where.line - right.where.line,
  )

// Every input that it may be called with, in every region that its client may be made for.
function combinations(fact: Fact, event: EventValue, place: Place): [Value, Place][] {
  const regions = fact.client === undefined ? [undefined] : regionsOf(fact.client)
  const places = regions.map((region) =>
    region === undefined ? place : { ...place, region, partition: partitionOf(region) },
  )
  return alternatives(fact, event).flatMap((input) => places.map((at): [Value, Place] => [input, at]))
}

function alternatives({ service, operation, input }: Fact, event: EventValue): Value[] {
  const all = [...input.values()].map((atom) => toInput(just(atom), event))
  const inputs = all.length === 0 ? [toInput(NOTHING, event)] : all
  return service === 's3' && operation === 'DeleteObjects' ? inputs.map(withoutKeys) : inputs
}

// A list of keys to delete is data, of which the code shows what somebody began with: the bucket's objects are what is meant.
function withoutKeys(input: Value): Value {
  if (input.kind !== 'object') return input
  return { ...input, members: new Map([...input.members, ['Delete', UNKNOWN]]) }
}

function toGrant({ action, conditions }: Need, resource: string, fact: Fact, root: string): Grant {
  const why = `${fact.operation} of ${fact.service}`
  const grant: Grant = { action, resource, by: 'code', chain: chainOf(fact, root), why }
  return conditions === undefined ? grant : { ...grant, conditions }
}

const MOST_STEPS = 16

/** From the handler down to the call. */
export function chainOf({ node, unit }: { node: Node; unit: Unit }, root: string): Where[] {
  const chain: Where[] = [toWhere(node, unit.module, root)]
  let at = unit
  for (let steps = 0; steps < MOST_STEPS && at.caller !== undefined; steps++) {
    const { caller } = at
    if (caller.unit.caller === undefined && caller.unit.phase === 'run' && caller.unit.node.type === 'Program') {
      chain.push(toWhere(at.node, at.module, root))
      break
    }
    if (caller.node.type !== 'Program') chain.push(toWhere(caller.node, caller.unit.module, root))
    at = caller.unit
  }
  return chain.reverse().filter((where, index) => index === 0 || !sameLine(where, chain[index - 1]))
}

const sameLine = (left: Where, right: Where | undefined): boolean =>
  right !== undefined && left.file === right.file && left.line === right.line && left.column === right.column

const whereOf = ({ node, unit }: Fact | Notice, root: string): Where => toWhere(node, unit.module, root)

function toWhere(node: Node, { code }: Module, root: string): Where {
  const starts = startsOf(code)
  let [low, high] = [0, starts.length - 1]
  while (low < high) {
    const middle = Math.ceil((low + high) / 2)
    if ((starts[middle] ?? 0) <= node.start) low = middle
    else high = middle - 1
  }
  const column = node.start - (starts[low] ?? 0) + 1
  return { file: relative(root, code.file).split(sep).join('/'), line: low + 1, column }
}

const lines = new WeakMap<Code, readonly number[]>()

// Where each line begins.
function startsOf(code: Code): readonly number[] {
  const known = lines.get(code)
  if (known !== undefined) return known
  const starts = [0]
  for (let at = code.text.indexOf('\n'); at >= 0; at = code.text.indexOf('\n', at + 1)) starts.push(at + 1)
  lines.set(code, starts)
  return starts
}

const toFinding = (notice: Notice, root: string): Finding => ({
  kind: notice.kind,
  where: whereOf(notice, root),
  message: notice.message,
  mend: notice.mend,
})

const unresolvedResource = ({ service, operation }: Fact, { action, resources }: Need, where: Where): Finding => ({
  kind: 'unresolved-resource',
  where,
  message: `Which resource ${operation} of ${service} is about cannot be told from the code: ${action} is granted on ${resources.join(', ')}.`,
  mend: 'Use a handle, a constant, or a variable of `env` for its name.',
})

const unresolvedOperation = ({ service }: Fact, where: Where): Finding => ({
  kind: 'unresolved-operation',
  where,
  message: `Which operation of ${service} is called here is decided by data: what it needs cannot be told.`,
  mend: 'Call the operation by its name (a `switch` over those that may be meant).',
})

const unknownOperation = ({ service, operation }: Fact, where: Where): Finding => ({
  kind: 'unknown-operation',
  where,
  message: `${operation} of ${service} is no operation that is known: what it needs cannot be told.`,
  mend: 'Check its name; if it is newer than this version of goblet, update that.',
})
