// Which part of a stack each resource is in, where one template cannot hold them all.
import { createHash } from 'node:crypto'
import type { Template } from '../template.ts'
import { needsOf, referencesIn } from './references.ts'

/** The stack itself. */
export const ROOT = ''

// What belongs to one function, and may be away from the rest. What holds data or is shared stays in the stack itself, where
// it need never move: a thing that changes its part is a new thing to CloudFormation, under a name that is taken.
// So does where a function's events end: it may name another function, and so another part, with every change.
const MOVABLE = new Set([
  'AWS::ApiGateway::Method',
  'AWS::ApiGateway::Resource',
  'AWS::ApiGatewayV2::Integration',
  'AWS::ApiGatewayV2::Route',
  'AWS::CloudWatch::Alarm',
  'AWS::Events::Rule',
  'AWS::IAM::ManagedPolicy',
  'AWS::IAM::Role',
  'AWS::Lambda::Alias',
  'AWS::Lambda::EventSourceMapping',
  'AWS::Lambda::Function',
  'AWS::Lambda::Permission',
  'AWS::Lambda::Url',
  'AWS::Logs::LogGroup',
  'AWS::SNS::Subscription',
  'AWS::Scheduler::Schedule',
])

// Room that is left for what comes later: the stack's own parts, and more of a function that is there.
const RESERVE = 0.1

interface Given {
  readonly limit: number
  /** Where things are now: they stay there. */
  readonly before: ReadonlyMap<string, string>
}

/** The part of every resource, by id. No part waits for another that waits for it. */
export function divisionOf(template: Template, { limit, before }: Given): Map<string, string> {
  const room = Math.floor(limit * (1 - RESERVE))
  const board = new Board(template, room)
  const ids = Object.keys(template.Resources)
  for (const id of ids) {
    const known = before.get(id)
    if (known !== undefined) board.put(id, known)
  }
  const fixed = ids.filter((id) => !MOVABLE.has(board.typeOf(id)))
  // What waits for functions would make circles in a part: first come, first in the stack itself.
  const waiting = fixed.filter((id) => board.functionsOf(id).size > 0)
  for (const id of [...waiting, ...fixed]) settle(board, id, room)
  const count = Math.max(1, Math.ceil((ids.length - fixed.length) / room))
  const names = Array.from({ length: count }, (_, index) => `Part${index + 1}`)
  for (const id of ids) {
    if (board.typeOf(id) !== 'AWS::Lambda::Function' || !board.isFree(id)) continue
    const team = board.teamOf(id)
    const parts = preferred(id, [...new Set([...names, ...board.parts()])])
    const part = parts.find((one) => board.sizeOf(one) + team.length <= room && board.fits(id, one))
    board.put(id, part ?? board.next())
    for (const one of team) settle(board, one, limit)
  }
  for (const id of ids) settle(board, id, limit)
  return board.places
}

/** Puts what is free where there is room: a function's own beside it, the rest into the stack itself; else anywhere. */
function settle(board: Board, id: string, limit: number): void {
  if (!board.isFree(id)) return
  const parts = board.parts()
  const home = board.isHome(id) ? [ROOT] : []
  const near = board.nearest(id)
  const isOwn = MOVABLE.has(board.typeOf(id)) && near.length > 0
  const wanted = isOwn ? [...near, ...preferred(id, parts), ...home] : [...home, ...preferred(id, parts)]
  const found = wanted.find((one) => one === ROOT || (board.sizeOf(one) < limit && board.fits(id, one)))
  board.put(id, found ?? board.next())
}

/** The parts in an order that is each id's own, so that they fill evenly. */
function preferred(id: string, parts: readonly string[]): string[] {
  const weight = (part: string): string => createHash('sha256').update(`${id} ${part}`).digest('hex')
  return parts
    .map((part) => [weight(part), part] as const)
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([, part]) => part)
}

// Limits: 200 parameters and 200 outputs a template, and 1 MB. Source: "Understand CloudFormation quotas".
const CROSSINGS = 180
const BYTES = 900_000

const weigh = (value: unknown): number => JSON.stringify(value ?? '').length

/** Who needs whom, and where everything has been put so far. What is free or in the stack itself stands for itself. */
class Board {
  readonly places = new Map<string, string>()
  readonly #resources: Template['Resources']
  readonly #needs = new Map<string, readonly string[]>()
  readonly #needed = new Map<string, string[]>()
  readonly #members = new Map<string, Set<string>>()
  readonly #functions = new Map<string, Set<string>>()
  readonly #bytes = new Map<string, number>()
  readonly #weights = new Map<string, number>()
  /** How many the stack itself shall have, its parts among them. */
  readonly room: number

  constructor({ Resources: resources, Outputs, Metadata }: Template, room: number) {
    this.#resources = resources
    this.room = room
    this.#bytes.set(ROOT, weigh(Metadata) + weigh(Outputs))
    for (const [id, resource] of Object.entries(resources)) {
      const needs = [...needsOf(resource)].filter((one) => one in resources)
      this.#needs.set(id, needs)
      this.#weights.set(id, weigh(resource))
      for (const one of needs) this.#needed.set(one, [...(this.#needed.get(one) ?? []), id])
    }
    // The stack itself tells it.
    const told = Object.values(Outputs ?? {}).flatMap((one) => referencesIn(one.Value))
    for (const { id: one } of told) this.#needed.set(one, [...(this.#needed.get(one) ?? []), ROOT])
  }

  typeOf(id: string): string {
    return this.#resources[id]?.Type ?? ''
  }

  isFree(id: string): boolean {
    return !this.places.has(id)
  }

  put(id: string, part: string): void {
    this.places.set(id, part)
    this.#members.set(part, (this.#members.get(part) ?? new Set()).add(id))
    this.#bytes.set(part, this.#bytesWith(id, part))
  }

  #bytesWith(id: string, part: string): number {
    return (this.#bytes.get(part) ?? 0) + (this.#weights.get(id) ?? 0)
  }

  /** Whether the stack itself has room for one more, its parts told with it. */
  isHome(id: string): boolean {
    return this.sizeOf(ROOT) + this.parts().length < this.room && this.#bytesWith(id, ROOT) < BYTES
  }

  sizeOf(part: string): number {
    return this.#members.get(part)?.size ?? 0
  }

  parts(): string[] {
    return [...this.#members.keys()].filter((part) => part !== ROOT).sort(byNumber)
  }

  /** A part that there is not yet. */
  next(): string {
    const last = this.parts().at(-1)
    return `Part${last === undefined ? 1 : numberOf(last) + 1}`
  }

  /** The parts of what it needs and of what needs it, the most of them first. */
  nearest(id: string): string[] {
    const count = new Map<string, number>()
    for (const one of this.#around(id)) {
      const part = this.places.get(one) ?? ROOT
      if (part !== ROOT) count.set(part, (count.get(part) ?? 0) + 1)
    }
    return [...count].sort((left, right) => right[1] - left[1] || byNumber(left[0], right[0])).map(([part]) => part)
  }

  #around(id: string): string[] {
    return [...(this.#needs.get(id) ?? []), ...(this.#needed.get(id) ?? [])]
  }

  /** A function, and all that may move with it and has to do with no other one. */
  teamOf(id: string): string[] {
    const team = new Set([id])
    const isFree = (one: string): boolean => MOVABLE.has(this.typeOf(one)) && this.isFree(one)
    // What waits for it, then what only those need: a role, a log, a path.
    for (const member of team)
      for (const one of this.#needed.get(member) ?? [])
        if (isFree(one) && this.functionsOf(one).size === 1) team.add(one)
    for (const member of team)
      for (const one of this.#needs.get(member) ?? [])
        if (isFree(one) && this.functionsOf(one).size === 0 && this.#isOnlyFor(one, team)) team.add(one)
    return [...team]
  }

  #isOnlyFor(id: string, team: ReadonlySet<string>): boolean {
    return (this.#needed.get(id) ?? []).every((one) => team.has(one) || !MOVABLE.has(this.typeOf(one)))
  }

  /** The functions that something cannot be without. */
  functionsOf(id: string): ReadonlySet<string> {
    const known = this.#functions.get(id)
    if (known !== undefined) return known
    const found = new Set(this.typeOf(id) === 'AWS::Lambda::Function' ? [id] : [])
    this.#functions.set(id, found)
    for (const one of this.#needs.get(id) ?? []) for (const name of this.functionsOf(one)) found.add(name)
    return found
  }

  /** Whether the part can take it: nothing would wait for itself, and not too much would be handed in and out. */
  fits(id: string, part: string): boolean {
    const members = this.#members.get(part) ?? new Set()
    if (this.#crossings(new Set([...members, id])) > CROSSINGS || this.#bytesWith(id, part) > BYTES) return false
    const out = (this.#needs.get(id) ?? []).filter((one) => !members.has(one))
    if (this.#reaches(out, (one) => members.has(one), id)) return false
    const others = [...members].flatMap((one) => this.#needs.get(one) ?? [])
    return !this.#reaches(
      others.filter((one) => one !== id && !members.has(one)),
      (one) => one === id,
      part,
    )
  }

  /** Names that go in, or come out, whichever are more. */
  #crossings(members: ReadonlySet<string>): number {
    const into = new Set<string>()
    const from = new Set<string>()
    for (const member of members) {
      for (const one of this.#needs.get(member) ?? []) if (!members.has(one)) into.add(one)
      if ((this.#needed.get(member) ?? []).some((one) => !members.has(one))) from.add(member)
    }
    return Math.max(into.size, from.size)
  }

  /** Whether a way of needs leads from some of these to what is looked for; a part is entered whole. */
  #reaches(from: readonly string[], isFound: (id: string) => boolean, without: string): boolean {
    const seen = new Set<string>([without])
    const left = [...from]
    for (let id = left.pop(); id !== undefined; id = left.pop()) {
      if (isFound(id)) return true
      const part = this.places.get(id) ?? ROOT
      const node = part === ROOT ? id : part
      if (seen.has(node)) continue
      seen.add(node)
      const whole = part === ROOT ? [id] : [...(this.#members.get(part) ?? [])]
      if (whole.some(isFound)) return true
      left.push(...whole.flatMap((one) => this.#needs.get(one) ?? []))
    }
    return false
  }
}

const numberOf = (part: string): number => Number(part.replace(/\D/g, ''))
const byNumber = (left: string, right: string): number => numberOf(left) - numberOf(right)
