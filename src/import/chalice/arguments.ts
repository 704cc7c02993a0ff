// The arguments of one decorator, read by name: what nobody asks for is reported.
import { nearest, type Where } from '../../errors.ts'
import type { Code } from '../code.ts'
import type { Report } from '../report.ts'
import type { Call, Statement, Value } from './python.ts'

export class Arguments {
  readonly where: Where
  readonly subject: string
  readonly report: Report
  readonly #call: Call | undefined
  readonly #constants: ReadonlyMap<string, Value>
  readonly #names: readonly string[]
  readonly #taken = new Set<string>()

  /** `names`: those of the arguments that may be given by place. */
  constructor(statement: Statement, names: readonly string[], constants: ReadonlyMap<string, Value>, report: Report) {
    this.where = { file: 'app.py', line: statement.line }
    this.subject = `@${statement.subject}${statement.function === undefined ? '' : ` ${statement.function}`}`
    this.report = report
    this.#names = names
    this.#constants = constants
    this.#call = statement.value?.kind === 'call' ? statement.value : undefined
    if (statement.value === undefined)
      report.hand(this.where, this.subject, 'has arguments that have to be run to be known: say its options by hand.')
  }

  value(name: string): Value | undefined {
    this.#taken.add(name)
    const found = this.#call?.named.get(name) ?? this.#call?.given[this.#names.indexOf(name)]
    const known = found?.kind === 'name' ? (this.#constants.get(found.name) ?? found) : found
    return known?.kind === 'none' ? undefined : known
  }

  text(name: string): string | undefined {
    const value = this.value(name)
    if (value === undefined) return undefined
    if (value.kind === 'text') return value.value
    const env = environmentOf(value)
    if (env?.fallback !== undefined) return env.fallback
    this.report.hand(this.where, this.subject, `\`${name}\` is not written out: it was left out.`)
    return undefined
  }

  number(name: string): number | undefined {
    const value = this.value(name)
    if (value === undefined || value.kind === 'number') return value?.value
    this.report.hand(this.where, this.subject, `\`${name}\` is no number that is written out: it was left out.`)
    return undefined
  }

  texts(name: string): string[] | undefined {
    const value = this.value(name)
    if (value === undefined) return undefined
    const items = value.kind === 'list' ? value.items : [value]
    return items.flatMap((one) => (one.kind === 'text' ? [one.value] : []))
  }

  close(): void {
    const given = [...(this.#call?.named.keys() ?? []), ...this.#names.slice(0, this.#call?.given.length ?? 0)]
    for (const name of given) {
      if (this.#taken.has(name)) continue
      const near = nearest(name, [...this.#taken])
      this.report.hand(
        this.where,
        this.subject,
        `has no argument \`${name}\`, so nothing was made of it.${near === undefined ? '' : ` Did you mean \`${near}\`?`}`,
      )
    }
  }
}

/** `os.environ['X']`, `os.environ.get('X', 'y')`, `os.getenv('X')`. */
export function environmentOf(value: Value): { name: string; fallback: string | undefined } | undefined {
  if (value.kind !== 'call' || !/^(?:os\.)?(?:environ(?:\.get)?|getenv)$/.test(value.name)) return undefined
  const [name, fallback] = value.given
  if (name?.kind !== 'text') return undefined
  return { name: name.value, fallback: fallback?.kind === 'text' ? fallback.value : undefined }
}

/** A value that is written out as code; undefined where it is not. */
export function toCode(value: Value): Code | undefined {
  if (value.kind === 'text' || value.kind === 'number' || value.kind === 'flag') return value.value
  if (value.kind === 'none') return null
  if (value.kind === 'list') return value.items.flatMap((one) => toCode(one) ?? [])
  if (value.kind !== 'dict') return undefined
  return Object.fromEntries(
    value.members.flatMap(([key, one]) => (key.kind === 'text' ? [[key.value, toCode(one)]] : [])),
  )
}
