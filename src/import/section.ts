// One map of a configuration, read key by key: what nobody asks for is reported, never dropped.
import { nearest, type Where } from '../errors.ts'
import { type Dict, isNull, type Node, ownOf, textOf } from './node.ts'
import type { Report } from './report.ts'

export class Section {
  readonly path: string
  readonly where: Where
  readonly report: Report
  readonly #node: Dict | undefined
  readonly #taken = new Set<string>()

  constructor(node: Node | undefined, path: string, where: Where, report: Report) {
    this.#node = node?.kind === 'dict' ? node : undefined
    this.path = path
    this.where = node?.where ?? where
    this.report = report
    if (node !== undefined && node.kind !== 'dict' && !isNull(node))
      report.hand(node.where, path, 'is read as a map of options, and is none: nothing of it was taken over.')
  }

  get keys(): readonly string[] {
    return [...(this.#node?.entries.keys() ?? [])]
  }

  /** A value, which is thereby dealt with; undefined where it is missing or null. */
  take(key: string): Node | undefined {
    this.#taken.add(key)
    const value = this.#node?.entries.get(key)?.value
    return value === undefined || isNull(value) ? undefined : value
  }

  has(key: string): boolean {
    return this.#node?.entries.has(key) === true
  }

  whereOf(key: string): Where {
    return this.#node?.entries.get(key)?.where ?? this.where
  }

  /** A map below this one. */
  section(key: string): Section {
    return new Section(this.take(key), this.pathOf(key), this.whereOf(key), this.report)
  }

  pathOf(key: string): string {
    return this.path === '' ? key : `${this.path}.${key}`
  }

  hand(key: string, says: string): void {
    this.report.hand(this.whereOf(key), this.pathOf(key), says)
  }

  noted(key: string, says: string): void {
    this.report.noted(this.whereOf(key), this.pathOf(key), says)
  }

  lost(key: string, says: string): void {
    this.report.lost(this.whereOf(key), this.pathOf(key), says)
  }

  text(key: string): string | undefined {
    const value = this.take(key)
    const text = textOf(value) ?? openText(value)
    if (value !== undefined && text === undefined) this.hand(key, 'is no plain text, and was left out.')
    return text
  }

  number(key: string): number | undefined {
    const value = this.take(key)
    if (value === undefined) return undefined
    const text = textOf(value) ?? openText(value)
    const number = text === undefined || text.trim() === '' ? Number.NaN : Number(text)
    if (value.kind === 'open' && !Number.isNaN(number))
      this.hand(key, `comes from outside; its fallback, ${number}, was taken.`)
    if (!Number.isNaN(number)) return number
    this.hand(key, 'is no number that is known beforehand, and was left out.')
    return undefined
  }

  flag(key: string): boolean | undefined {
    const text = this.text(key)
    if (text === undefined) return undefined
    if (/^(?:true|false)$/i.test(text)) return text.toLowerCase() === 'true'
    this.hand(key, `is ${text}, where true or false is expected; it was left out.`)
    return undefined
  }

  /** Reports what was not asked for, once: known to need a hand or not, or unknown. */
  close(known: Known): void {
    for (const key of this.keys) {
      if (this.#taken.has(key)) continue
      this.#taken.add(key)
      const [noted, hand, lost] = [known.noted, known.hand, known.lost].map((table) => ownOf(table ?? {}, key))
      if (noted !== undefined) this.noted(key, noted)
      else if (hand !== undefined) this.hand(key, hand)
      else if (lost !== undefined) this.lost(key, lost)
      else this.#unknown(key, known)
    }
  }

  #unknown(key: string, known: Known): void {
    const words = [
      ...(known.mapped ?? []),
      ...this.#taken,
      ...[known.noted, known.hand, known.lost].flatMap((one) => Object.keys(one ?? {})),
    ]
    const near = nearest(
      key,
      words.filter((word) => word !== key),
    )
    const did = near === undefined ? '' : ` Did you mean \`${near}\`?`
    this.hand(key, `is no key that is known here, so nothing was made of it.${did}`)
  }
}

/** What is to be said of keys that are not mapped. */
export interface Known {
  readonly mapped?: readonly string[]
  readonly noted?: Readonly<Record<string, string>>
  readonly hand?: Readonly<Record<string, string>>
  readonly lost?: Readonly<Record<string, string>>
}

// A text whose parts are known later counts by its fallbacks, where all have one.
export function openText(node: Node | undefined): string | undefined {
  if (node?.kind !== 'open') return undefined
  const parts = node.parts.map((part) => (typeof part === 'string' ? part : part.fallback))
  return parts.some((part) => part === undefined) ? undefined : parts.join('')
}
