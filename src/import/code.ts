// TypeScript as people write it: values as literals, short ones on one line.

/** Code that stands as it is: the name of a handle, a call. */
export class Raw {
  readonly text: string
  constructor(text: string) {
    this.text = text
  }
}

export type Code = string | number | boolean | null | Raw | readonly Code[] | CodeMap
/** Members that are undefined are left out. */
export interface CodeMap {
  readonly [name: string]: Code | undefined
}

export const raw = (text: string): Raw => new Raw(text)

const WIDTH = 120

/** A text in single quotes. */
export function quoted(text: string): string {
  const escaped = JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"')
  // What prettier and biome write, too: the quotes that need fewer backslashes.
  return escaped.includes("'") && !escaped.includes('"') ? `"${escaped}"` : `'${escaped.replaceAll("'", "\\'")}'`
}

const isName = (text: string): boolean => /^[A-Za-z_$][\w$]*$/.test(text)

/** A value as code; `indent` is where its line begins, `used` what stands on the line before it, and behind it. */
export function toCode(value: Code, indent = 0, used = 0): string {
  if (value instanceof Raw) return value.text
  if (typeof value === 'string') return quoted(value)
  if (typeof value !== 'object' || value === null) return String(value)
  const short = toLine(value)
  if (short.length + indent + used <= WIDTH && !short.includes('\n')) return short
  const inner = indent + 2
  const pad = ' '.repeat(inner)
  if (isList(value)) {
    const items = value.map((one) => `${pad}${toCode(one, inner, 1)},\n`)
    return `[\n${items.join('')}${' '.repeat(indent)}]`
  }
  const members = entriesOf(value).map(([name, one]) => {
    const key = isName(name) ? name : quoted(name)
    if (one instanceof Raw && one.text === name) return `${pad}${name},\n`
    return `${pad}${key}: ${toCode(one, inner, key.length + 3)},\n`
  })
  return `{\n${members.join('')}${' '.repeat(indent)}}`
}

const isList = (value: readonly Code[] | CodeMap): value is readonly Code[] => Array.isArray(value)

const entriesOf = (map: CodeMap): [string, Code][] =>
  Object.entries(map).flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as [string, Code]]))

function toLine(value: Code): string {
  if (value instanceof Raw) return value.text
  if (typeof value === 'string') return quoted(value)
  if (typeof value !== 'object' || value === null) return String(value)
  if (isList(value)) return `[${value.map(toLine).join(', ')}]`
  const members = entriesOf(value)
  if (members.length === 0) return '{}'
  const written = members.map(([name, one]) =>
    one instanceof Raw && one.text === name ? name : `${isName(name) ? name : quoted(name)}: ${toLine(one)}`,
  )
  return `{ ${written.join(', ')} }`
}

/** `name(first, { … }, last)`; options without members are left out. */
export function call(name: string, given: readonly (Code | undefined)[], indent = 0, used = 0): Raw {
  const all = given.filter(
    (one) => one !== undefined && !(isMap(one) && entriesOf(one).length === 0),
  ) as readonly Code[]
  const short = `${name}(${all.map(toLine).join(', ')})`
  if (short.length + indent + used <= WIDTH && !short.includes('\n')) return raw(short)
  const last = all.at(-1)
  const before = all.slice(0, -1)
  // Options at the end keep their brace on the line of the call.
  if (isMap(last) && !before.some(isMap))
    return raw(`${name}(${[...before.map(toLine), toCode(last, indent, WIDTH)].join(', ')})`)
  const pad = ' '.repeat(indent + 2)
  return raw(`${name}(\n${all.map((one) => `${pad}${toCode(one, indent + 2, 1)},\n`).join('')}${' '.repeat(indent)})`)
}

const isMap = (value: Code | undefined): value is CodeMap =>
  typeof value === 'object' && value !== null && !(value instanceof Raw) && !Array.isArray(value)

const RESERVED = new Set(
  `await break case catch class const continue debugger default delete do else enum export extends false finally for
  function if implements import in instanceof interface let new null package private protected public return static super
  switch this throw true try typeof var void while with yield arguments eval undefined process console`.split(/\s+/),
)

/** A name for a const: `get-user` is `getUser`. */
export function toIdentifier(text: string): string {
  const words = text.split(/[^A-Za-z0-9_$]+/).filter((word) => word !== '')
  const joined = words
    .map((word, index) => (index === 0 ? word : word.charAt(0).toUpperCase() + word.slice(1)))
    .join('')
  const safe = /^[A-Za-z_$]/.test(joined) ? joined : `_${joined}`
  return RESERVED.has(safe) ? `${safe}_` : safe
}
