// Resolves the variables of a configuration for one stage. What only the deployment knows becomes a variable of the environment.
import type { Where } from '../../errors.ts'
import { type Entry, type Later, member, type Node, type Open, scalar, textOf } from '../node.ts'
import { type Part, parse, type Source, type Variable } from './expression.ts'
import type { Files } from './files.ts'

/** A source's answer: a value, nothing (then the next one is asked), or something that is only known later. */
type Answer = Node | undefined | 'later'

// A value that holds itself would grow for ever.
const MOST_STEPS = 50_000
const DEEPEST = 60

export class Resolver {
  /** Names of stages that maps and files were found to be kept for. */
  readonly stages = new Set<string>()
  /** What could not be read, each with why. */
  readonly problems: { readonly where: Where; readonly says: string; readonly why: string }[] = []
  /** The paths that variables have asked for: `custom.tables.users`. */
  readonly asked = new Set<string>()
  readonly #root: Node
  readonly #files: Files
  readonly #stage: string
  readonly #region: string
  #steps = 0
  #touched = 0

  constructor(root: Node, files: Files, place: { readonly stage: string; readonly region: string }) {
    this.#root = root
    this.#files = files
    this.#stage = place.stage
    this.#region = place.region
  }

  /** The value with every variable in it resolved. */
  settle(node: Node, depth = 0): Node {
    if (node.kind === 'list') return { ...node, items: node.items.map((one) => this.settle(one, depth)) }
    if (node.kind === 'dict') {
      const entries = [...node.entries].map(([key, { where, value }]): [string, Entry] => {
        const name = key.includes('${') ? (textOf(this.settle(scalar(key, where), depth)) ?? key) : key
        return [name, { where, value: this.settle(value, depth) }]
      })
      return { ...node, entries: new Map(entries) }
    }
    if (node.kind === 'open' || typeof node.value !== 'string' || !node.value.includes('${')) return node
    const before = this.#touched
    const made = this.#text(parse(node.value), node.where, depth)
    // What is in a map or a list knows by itself what of it depends on the stage.
    const isWhole = made.kind === 'dict' || made.kind === 'list'
    return node.staged === true || (this.#touched > before && !isWhole) ? staged(made) : made
  }

  #text(parts: readonly Part[], where: Where, depth: number): Node {
    const [first] = parts
    if (parts.length === 1 && first !== undefined && typeof first !== 'string') return this.#value(first, where, depth)
    const made: (string | Later)[] = []
    for (const part of parts) {
      const value = typeof part === 'string' ? scalar(part, where) : this.#value(part, where, depth)
      if (value.kind === 'open') made.push(...value.parts)
      else if (value.kind === 'scalar') made.push(value.value === null ? '' : String(value.value))
      else {
        this.#problem(where, typeof part === 'string' ? part : part.says, 'is a list or a map, in the middle of a text')
        made.push('')
      }
    }
    if (made.every((one) => typeof one === 'string')) return scalar(made.join(''), where)
    return { kind: 'open', where, parts: made }
  }

  #value(variable: Variable, where: Where, depth: number): Node {
    this.#steps++
    if (depth > DEEPEST || this.#steps > MOST_STEPS) {
      this.#problem(where, variable.says, 'refers to itself, or nests too deep')
      return scalar('', where)
    }
    const asked = variable.sources.find((one) => one.kind === 'ask')
    for (const [index, source] of variable.sources.entries()) {
      const answer = this.#ask(source, where, depth + 1)
      if (answer === 'later') return this.#later(variable, index, where, depth)
      if (answer !== undefined) return { ...answer, where }
    }
    this.#problem(where, variable.says, 'leads to nothing')
    return later(variable.says, this.#nameOf(asked, where, depth), undefined, where)
  }

  // Where what comes first is only known later, what stands behind it is its fallback.
  #later(variable: Variable, index: number, where: Where, depth: number): Node {
    const [now, ...rest] = variable.sources.slice(index)
    for (const source of rest) {
      const answer = this.#ask(source, where, depth + 1)
      if (answer === undefined || answer === 'later' || answer.kind === 'open') continue
      // A variable of the environment holds only text.
      if (answer.kind !== 'scalar') return { ...answer, where }
      return later(variable.says, this.#nameOf(now, where, depth), String(answer.value ?? ''), where)
    }
    return later(variable.says, this.#nameOf(now, where, depth), undefined, where)
  }

  #nameOf(source: Source | undefined, where: Where, depth: number): string {
    if (source?.kind !== 'ask') return 'VALUE'
    const address = textOf(this.#text(source.address ?? [], where, depth + 1)) ?? source.type
    if (source.type === 'env') return address
    const snake = address.replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    const name = `${source.type === 'git' ? 'git_' : ''}${snake}`
      .replace(/[^A-Za-z0-9]+/g, '_')
      .replace(/^[_\d]+|_+$/g, '')
    // Lambda and Goblet keep names of their own.
    return name.toUpperCase().replace(/^(?:AWS|GOBLET|LAMBDA)_/, '') || source.type.toUpperCase()
  }

  #ask(source: Source, where: Where, depth: number): Answer {
    if (source.kind === 'literal') return scalar(source.value, where)
    const before = this.#touched
    const address = textOf(this.#text(source.address ?? [], where, depth))
    const argument = source.argument && textOf(this.#text(source.argument, where, depth))
    if ((source.address !== undefined && address === undefined) || (source.argument && argument === undefined)) {
      // An empty address is the whole: `${self:}`.
      if (source.address?.length !== 0) return 'later'
    }
    const varies = this.#touched > before
    const answer = this.#from(source.type, { address: address ?? '', argument, varies, where, depth })
    return varies && answer !== undefined && answer !== 'later' ? staged(answer) : answer
  }

  #from(type: string, asked: Asked): Answer {
    const { address, argument, where } = asked
    if (type === 'text') return scalar(address, where)
    if (type === 'self') return this.#self(asked)
    if (type === 'file') return this.#file(argument ?? '', asked)
    if (type === 'opt')
      return address === 'stage'
        ? this.#stageNode(where)
        : address === 'region'
          ? scalar(this.#region, where)
          : undefined
    if (type === 'sls') return address === 'stage' ? this.#stageNode(where) : 'later'
    if (type === 'aws')
      return address === 'region'
        ? scalar(this.#region, where)
        : address === 'partition'
          ? scalar('aws', where)
          : 'later'
    if (type === 'param') return this.#param(address, asked)
    if (type === 'strToBool') return scalar(/^(?:true|1)$/i.test(argument ?? ''), where)
    return 'later'
  }

  #stageNode(where: Where): Node {
    this.#touched++
    return scalar(this.#stage, where)
  }

  #self(asked: Asked): Answer {
    this.asked.add(asked.address)
    const path = asked.address === '' ? [] : asked.address.split('.')
    if (path[0] === 'provider' && path[1] === 'stage' && path.length === 2) return this.#stageNode(asked.where)
    return this.#lookup(this.#root, path, asked)
  }

  // On its way down a variable may stand where a map is expected: it is resolved first.
  #lookup(from: Node, path: readonly string[], asked: Asked): Answer {
    let at: Node | undefined = from
    for (const key of path) {
      if (at?.kind === 'scalar') at = this.settle(at, asked.depth)
      if (at?.kind === 'open') return 'later'
      if (asked.varies && key === this.#stage && at?.kind === 'dict')
        for (const one of at.entries.keys()) this.#candidate(one)
      at = member(at, key)
    }
    return at === undefined ? undefined : this.settle(at, asked.depth)
  }

  #candidate(name: string): void {
    if (/^[a-z][a-z0-9-]*$/.test(name) && name !== 'default') this.stages.add(name)
  }

  #file(path: string, asked: Asked): Answer {
    const found = this.#files.read(path, asked.where)
    if (asked.varies) for (const stage of this.#files.likewise(path, this.#stage)) this.#candidate(stage)
    if (found.kind === 'missing') return undefined
    if (found.kind === 'unreadable') {
      this.#problem(asked.where, `file(${path})`, found.why)
      return 'later'
    }
    return this.#lookup(found.node, asked.address === '' ? [] : asked.address.split('.'), asked)
  }

  // Sources: "Parameters" and "Stages" of the Serverless Framework's guide.
  #param(name: string, asked: Asked): Answer {
    for (const path of [
      ['stages', this.#stage, 'params', name],
      ['params', this.#stage, name],
      ['stages', 'default', 'params', name],
      ['params', 'default', name],
    ]) {
      const found = member(this.#root, ...path)
      if (found === undefined) continue
      this.#touched++
      return this.settle(found, asked.depth)
    }
    return 'later'
  }

  #problem(where: Where, says: string, why: string): void {
    this.problems.push({ where, says, why })
  }
}

interface Asked {
  readonly address: string
  readonly argument: string | undefined
  /** The address depends on the stage. */
  readonly varies: boolean
  readonly where: Where
  readonly depth: number
}

const later = (says: string, env: string, fallback: string | undefined, where: Where): Open => ({
  kind: 'open',
  where,
  parts: [{ says, env, fallback }],
})

function staged(node: Node): Node {
  if (node.kind === 'list') return { ...node, staged: true, items: node.items.map(staged) }
  if (node.kind !== 'dict') return { ...node, staged: true }
  const entries = [...node.entries].map(([key, entry]): [string, Entry] => [
    key,
    { ...entry, value: staged(entry.value) },
  ])
  return { ...node, staged: true, entries: new Map(entries) }
}
