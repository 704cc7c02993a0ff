// Reads YAML and JSON into trees with places; CloudFormation's short tags become the long forms.
import {
  type Document,
  isAlias,
  isMap,
  isNode,
  isScalar,
  isSeq,
  LineCounter,
  parseDocument,
  type Scalar as YamlScalar,
} from 'yaml'
import { problem, type Where } from '../errors.ts'
import { dict, type Entry, type Node, type Plain, scalar } from './node.ts'

// CloudFormation's intrinsic functions, which have short forms. Source: "Intrinsic function reference".
const FUNCTIONS = [
  ...['And', 'Base64', 'Cidr', 'Contains', 'Equals', 'FindInMap', 'GetAtt', 'GetAZs', 'If', 'ImportValue', 'Join'],
  ...['Length', 'Not', 'Or', 'Select', 'Split', 'Sub', 'ToJsonString', 'Transform', 'RefAll', 'EachMemberIn'],
]
const SHORT = new Map([
  ['!Ref', 'Ref'],
  ['!Condition', 'Condition'],
  ...FUNCTIONS.map((name) => [`!${name}`, `Fn::${name}`] as const),
])

// Aliases may nest (ten of ten of ten …); a file that a person wrote is far below this.
const MOST_NODES = 200_000

/** Reads a file's text. Throws GOBLET_BAD_IMPORT where it is no YAML. */
export function readYaml(text: string, file: string): Node {
  const lines = new LineCounter()
  const customTags = [...SHORT.keys()].flatMap((tag) => [
    { tag, resolve: (value: string) => value },
    { tag, collection: 'seq' as const },
    { tag, collection: 'map' as const },
  ])
  const document = parseDocument(text, { lineCounter: lines, customTags, merge: true, logLevel: 'silent' })
  const [first] = document.errors
  if (first !== undefined) {
    const { line } = lines.linePos(first.pos[0])
    const says = first.message.split('\n')[0]?.replace(/ at line \d+, column \d+:?$/, '') ?? 'it is no YAML'
    throw problem('GOBLET_BAD_IMPORT', { problem: says }, { file, line })
  }
  return new Reader(file, lines, document).read()
}

class Reader {
  readonly #file: string
  readonly #lines: LineCounter
  readonly #document: Document
  #count = 0

  constructor(file: string, lines: LineCounter, document: Document) {
    this.#file = file
    this.#lines = lines
    this.#document = document
  }

  read(): Node {
    return this.#toNode(this.#document.contents, { file: this.#file, line: 1 })
  }

  #toNode(node: unknown, at: Where): Node {
    this.#count++
    if (this.#count > MOST_NODES)
      throw problem('GOBLET_BAD_IMPORT', { problem: `It holds more than ${MOST_NODES} values, aliases opened` }, at)
    if (!isNode(node)) return scalar(null, at)
    const where = this.#whereOf(node.range?.[0], at)
    if (isAlias(node)) return this.#toNode(node.resolve(this.#document), where)
    const long = SHORT.get(node.tag ?? '')
    return long === undefined
      ? this.#plain(node, where)
      : dict({ [long]: toArguments(long, this.#plain(node, where)) }, where)
  }

  #plain(node: unknown, where: Where): Node {
    if (isSeq(node)) return { kind: 'list', where, items: node.items.map((one) => this.#toNode(one, where)) }
    if (isMap(node)) return { kind: 'dict', where, entries: this.#entries(node.items, where) }
    return scalar(isScalar(node) ? toValue(node) : null, where)
  }

  #entries(items: readonly { key: unknown; value: unknown }[], where: Where): Map<string, Entry> {
    const entries = new Map<string, Entry>()
    for (const { key, value } of items) {
      const at = isNode(key) ? this.#whereOf(key.range?.[0], where) : where
      const name = isScalar(key) ? String(key.value) : String(key)
      const made = this.#toNode(value, at)
      if (name === '<<') for (const [one, entry] of mergedFrom(made)) entries.set(one, entries.get(one) ?? entry)
      else entries.set(name, { where: at, value: made })
    }
    return entries
  }

  #whereOf(offset: number | undefined, otherwise: Where): Where {
    return offset === undefined ? otherwise : { file: this.#file, line: this.#lines.linePos(offset).line }
  }
}

const mergedFrom = (node: Node): Iterable<[string, Entry]> =>
  node.kind === 'dict' ? node.entries : node.kind === 'list' ? node.items.flatMap((one) => [...mergedFrom(one)]) : []

function toValue({ value, source }: YamlScalar): Plain {
  if (typeof value === 'string' || typeof value === 'boolean' || value === null) return value
  // An account number keeps its leading zeros.
  if (typeof value === 'number') return source !== undefined && /^0\d/.test(source) ? source : value
  return source ?? String(value)
}

// `!GetAtt Table.Arn` is `{ Fn::GetAtt: [Table, Arn] }`.
function toArguments(name: string, value: Node): Node {
  if (name !== 'Fn::GetAtt' || value.kind !== 'scalar') return value
  const [id = '', ...rest] = String(value.value).split('.')
  return { kind: 'list', where: value.where, items: [scalar(id, value.where), scalar(rest.join('.'), value.where)] }
}
