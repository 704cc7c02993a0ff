// Reads as much of a PartiQL statement as says who may run it: its verb, its table, its index.
// Source: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ql-reference.html
import { type Text, UNTOLD } from '../text.ts'

export interface Statement {
  readonly verb: 'select' | 'insert' | 'update' | 'delete'
  readonly table: Text
  readonly index: Text | undefined
}

const NAME = `(?:"([^"]+)"|([A-Za-z0-9_.*-]+))`
const STARTS: Readonly<Record<Statement['verb'], RegExp>> = {
  select: new RegExp(`\\bFROM\\s+${NAME}(?:\\s*\\.\\s*${NAME})?`, 'i'),
  insert: new RegExp(`^\\s*INSERT\\s+INTO\\s+${NAME}`, 'i'),
  update: new RegExp(`^\\s*UPDATE\\s+${NAME}`, 'i'),
  delete: new RegExp(`^\\s*DELETE\\s+FROM\\s+${NAME}`, 'i'),
}
const VERBS = ['select', 'insert', 'update', 'delete'] as const

/** What a statement does; of one whose verb is not known, everything that it may do. */
export function toStatements({ pattern }: Text): readonly Statement[] {
  const text = pattern.replace(/^\s*EXISTS\s*\(/i, '')
  const verb = VERBS.find((one) => new RegExp(`^\\s*${one}\\b`, 'i').test(text))
  return verb === undefined ? VERBS.map((one) => toStatement(one, '')) : [toStatement(verb, text)]
}

function toStatement(verb: Statement['verb'], text: string): Statement {
  const [, quoted, plain, quotedIndex, plainIndex] = STARTS[verb].exec(text) ?? []
  // Without quotes, a dot parts the table from the index; with them it may be part of the table's name.
  const [table, ...dotted] = quoted === undefined ? (plain ?? '*').split('.') : [quoted]
  const index = quotedIndex ?? plainIndex ?? dotted[0]
  return { verb, table: toText(table ?? '*'), index: index === undefined || index === '' ? undefined : toText(index) }
}

function toText(name: string): Text {
  return name === '*' ? UNTOLD : { pattern: name, told: /[a-z0-9]/i.test(name) }
}
