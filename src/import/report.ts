// What an import has to say: what became of everything that it read, line by line.
import { toPlace, type Where } from '../errors.ts'

/**
 * `mapped`: it is in the app. `noted`: it is, and differs in something; or it is not needed any more. `hand`: somebody has to
 * look at it. `lost`: there is no way to say it.
 */
export type Outcome = 'mapped' | 'noted' | 'hand' | 'lost'

export interface Finding {
  readonly outcome: Outcome
  readonly where: Where
  /** Where in the configuration: `functions.hello.timeout`. */
  readonly subject: string
  readonly says: string
}

export class Report {
  readonly #findings: Finding[] = []
  readonly #seen = new Set<string>()

  /** Everything once, in the order of the files. */
  get findings(): readonly Finding[] {
    return [...this.#findings].sort(byPlace)
  }

  #add(finding: Finding): void {
    const key = `${finding.outcome} ${toPlace(finding.where)} ${finding.subject} ${finding.says}`
    if (this.#seen.has(key)) return
    this.#seen.add(key)
    this.#findings.push(finding)
  }

  mapped(where: Where, subject: string, says: string): void {
    this.#add({ outcome: 'mapped', where, subject, says })
  }

  noted(where: Where, subject: string, says: string): void {
    this.#add({ outcome: 'noted', where, subject, says })
  }

  hand(where: Where, subject: string, says: string): void {
    this.#add({ outcome: 'hand', where, subject, says })
  }

  lost(where: Where, subject: string, says: string): void {
    this.#add({ outcome: 'lost', where, subject, says })
  }
}

function byPlace(left: Finding, right: Finding): number {
  if (left.where.file !== right.where.file) return left.where.file < right.where.file ? -1 : 1
  return left.where.line - right.where.line
}

const TITLES: Readonly<Record<Outcome, string>> = {
  lost: 'Not taken over',
  hand: 'Needs a hand',
  noted: 'Good to know',
  mapped: 'Taken over',
}

/** The report as Markdown, what needs work first. */
export function toMarkdown(title: string, findings: readonly Finding[]): string {
  const parts = (['lost', 'hand', 'noted', 'mapped'] as const).flatMap((outcome) => {
    const lines = findings.filter((one) => one.outcome === outcome)
    if (lines.length === 0) return []
    return [`## ${TITLES[outcome]} (${lines.length})`, lines.map(toLine).join('\n')]
  })
  return `${[`# ${title}`, ...parts].join('\n\n')}\n`
}

const toLine = ({ where, subject, says }: Finding): string => `- \`${toPlace(where)}\` **${subject}**: ${says}`
