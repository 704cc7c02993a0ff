// XML as AWS speaks it: a writer for answers, and a small hardened reader for request bodies.

/** The content of an element: text, or its children in order; an undefined child is left out. */
export type XmlContent = string | number | boolean | XmlNodes
export type XmlNodes = readonly (readonly [name: string, content: XmlContent | undefined])[]

const DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n'

/** A whole document. */
export function writeXml(root: string, content: XmlNodes | string, namespace?: string): string {
  const parts = [DECLARATION, '<', root]
  if (namespace !== undefined) parts.push(' xmlns="', namespace, '"')
  parts.push('>')
  writeContent(parts, content)
  parts.push('</', root, '>')
  return parts.join('')
}

function writeContent(parts: string[], content: XmlContent): void {
  if (typeof content !== 'object') {
    parts.push(typeof content === 'string' ? escapeXml(content) : String(content))
    return
  }
  for (const [name, child] of content) {
    if (child === undefined) continue
    parts.push('<', name, '>')
    writeContent(parts, child)
    parts.push('</', name, '>')
  }
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is escaped.
const SPECIAL = /[&<>"'\u0000-\u0008\u000b-\u001f\u0085\u2028\ufffe\uffff]/g
const NAMED: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }

/** Escapes text. Control characters become references, as AWS writes them, though XML 1.0 has no place for most. */
export function escapeXml(text: string): string {
  return text.replace(SPECIAL, (character) => NAMED[character] ?? `&#x${character.charCodeAt(0).toString(16)};`)
}

/** An element as read: its local name, its text (of a leaf), its children. */
export interface XmlElement {
  readonly name: string
  readonly text: string
  readonly children: readonly XmlElement[]
}

/** The body is not XML, or more than is read here. */
export class XmlError extends Error {
  override readonly name = 'XmlError'
}

interface Opened {
  name: string
  tag: string
  texts: string[]
  children: XmlElement[]
}

const DEEPEST = 16
const LONGEST_TAG = 2048

/**
 * Reads a document in one linear pass. No DTD, so there is nothing to expand (billion laughs) and nothing to fetch (XXE);
 * the size is the caller's cap, the depth is capped here.
 */
export function readXml(text: string, longest = 4 * 1024 * 1024): XmlElement {
  if (text.length > longest) throw new XmlError('the document is too long')
  const source = (text.startsWith('\ufeff') ? text.slice(1) : text).replace(/\r\n?/g, '\n')
  const top: Opened = { name: '', tag: '', texts: [], children: [] }
  const open: Opened[] = [top]
  let at = 0
  while (at < source.length) {
    const current = open.at(-1) ?? top
    const next = source.indexOf('<', at)
    const end = next < 0 ? source.length : next
    if (end > at) current.texts.push(readText(source.slice(at, end)))
    if (next < 0) break
    at = readMarkup(source, next, open, current)
  }
  const [root, second] = top.children
  if (open.length > 1 || root === undefined || second !== undefined)
    throw new XmlError('the document is not one whole element')
  if (top.texts.some((one) => one.trim() !== '')) throw new XmlError('there is text outside the root element')
  return root
}

function readMarkup(source: string, at: number, open: Opened[], current: Opened): number {
  if (source.startsWith('<!--', at)) return after(source, '-->', at + 4)
  if (source.startsWith('<![CDATA[', at)) {
    const end = after(source, ']]>', at + 9)
    current.texts.push(source.slice(at + 9, end - 3))
    return end
  }
  if (source.startsWith('<?', at)) return after(source, '?>', at + 2)
  if (source.startsWith('<!', at)) throw new XmlError('a document type is not read')
  const end = after(source, '>', at + 1)
  if (end - at > LONGEST_TAG) throw new XmlError('a tag is too long')
  const tag = source.slice(at + 1, end - 1)
  if (tag.startsWith('/')) close(open, tag.slice(1).trimEnd())
  else start(open, tag)
  return end
}

function start(open: Opened[], tag: string): void {
  const empty = tag.endsWith('/')
  const full = /^[A-Za-z_][\w.:-]*/.exec(tag)?.[0]
  if (full === undefined) throw new XmlError('a tag has no name')
  const rest = tag.slice(full.length, empty ? -1 : undefined)
  if (!/^(?:\s+[\w.:-]+\s*=\s*(?:"[^"<]*"|'[^'<]*'))*\s*$/.test(rest)) throw new XmlError('an attribute is malformed')
  if (open.length > DEEPEST) throw new XmlError('the document is too deep')
  open.push({ name: full.slice(full.indexOf(':') + 1), tag: full, texts: [], children: [] })
  if (empty) close(open, full)
}

function close(open: Opened[], tag: string): void {
  const closed = open.pop()
  const parent = open.at(-1)
  if (closed === undefined || parent === undefined || closed.tag !== tag)
    throw new XmlError('a closing tag does not match')
  parent.children.push({ name: closed.name, text: closed.texts.join(''), children: closed.children })
}

function after(source: string, end: string, from: number): number {
  const found = source.indexOf(end, from)
  if (found < 0) throw new XmlError('the document ends too early')
  return found + end.length
}

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }

function readText(text: string): string {
  if (!text.includes('&')) return text
  return text.replace(/&([^;&]{0,10})(;?)/g, (_, name: string, end: string) => {
    const known = Object.hasOwn(ENTITIES, name) ? ENTITIES[name] : readReference(name)
    if (end === '' || known === undefined) throw new XmlError('an entity is unknown')
    return known
  })
}

function readReference(name: string): string | undefined {
  if (!/^#(?:\d{1,7}|x[\da-fA-F]{1,6})$/.test(name)) return undefined
  const code = name[1] === 'x' ? Number.parseInt(name.slice(2), 16) : Number(name.slice(1))
  return code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff) ? undefined : String.fromCodePoint(code)
}
