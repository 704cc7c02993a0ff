// An app.ts while it is put together: what it imports, what it declares, in the order in which names are known.
import { type Code, call, quoted, raw, toIdentifier } from './code.ts'

interface Declared {
  readonly name: string
  readonly callee: string
  readonly text: string
  /** Names of this file that have to stand above. */
  readonly uses: ReadonlySet<string>
  /** A line above it. */
  readonly comment: string | undefined
}

interface Imported {
  readonly file: string
  readonly name: string
  readonly local: string
}

export class Draft {
  readonly #declared: Declared[] = []
  readonly #imported: Imported[] = []
  readonly #names = new Set<string>()
  #app: { readonly name: string; readonly options: Readonly<Record<string, Code | undefined>> } | undefined
  readonly #aids = new Set<Aid>()
  #binary = ''

  /** A const's name that is still free; where the first one is taken, the other is tried before numbers are. */
  name(wanted: string, otherwise = wanted): string {
    const first = toIdentifier(wanted)
    const base = this.#names.has(first) || DOOR.has(first) ? toIdentifier(otherwise) : first
    let name = base
    for (let count = 2; this.#names.has(name) || DOOR.has(name); count++)
      name = DOOR.has(base) && count === 2 && !this.#names.has(`${base}_`) ? `${base}_` : `${base}${count}`
    this.#names.add(name)
    return name
  }

  /** A handler of another file, under a name of its own. */
  handler(file: string, name: string, wanted: string): string {
    const known = this.#imported.find((one) => one.file === file && one.name === name)
    if (known !== undefined) return known.local
    const local = this.name(wanted)
    this.#imported.push({ file, name, local })
    return local
  }

  /** A handler that still has to be written. */
  stub(was: string): Code {
    this.needs('missing')
    return raw(`missing(${quoted(was)})`)
  }

  /** A small function of app.ts that a declaration calls. */
  needs(aid: Aid): void {
    this.#aids.add(aid)
  }

  /** Content types whose bodies stay base64, as a regular expression. */
  binary(types: string): void {
    this.#binary = types
  }

  #aid(aid: Aid): string {
    if (aid !== 'asText') return AIDS[aid]
    // Without such types there is nothing to look at.
    const whole = AIDS.asText.replace(/ \|\| BINARY\.test\([^\n]*\)\)\n\s*/, ') ')
    return this.#binary === '' ? whole : `const BINARY = /^(?:${this.#binary})/i\n\n${AIDS.asText}`
  }

  app(name: string, options: Readonly<Record<string, Code | undefined>>): void {
    this.#app = { name, options }
  }

  /** `export const name = callee(…)`. */
  declare(name: string, callee: string, given: readonly (Code | undefined)[], comment?: string): void {
    const { text } = call(callee, given, 0, `export const ${name} = `.length)
    this.#declared.push({ name, callee, text, uses: wordsOf(text), comment })
  }

  /** The files of the app: app.ts, and resources.ts where handlers read what only AWS knows. */
  toFiles(head: string, late: ReadonlyMap<string, string> = new Map()): Record<string, string> {
    if (late.size === 0) return { 'app.ts': this.#toApp(head, [], [], this.#declared) }
    const apart = this.#declared.filter(({ callee }) => RESOURCES.has(callee) || callee.endsWith('.to'))
    const rest = this.#declared.filter((one) => !apart.includes(one))
    const used = new Set([...rest.flatMap(({ uses }) => [...uses]), ...wordsOf(this.#appText())])
    const names = apart.map(({ name }) => name).filter((name) => used.has(name))
    const own = names.length === 0 ? [] : [importOf(names.sort(byName), './resources.ts')]
    const lines = [...late].map(([name, code]) => `  process.env.${name} ??= ${code}`)
    const setting = `// Handlers read these when they are loaded, so app.ts imports this file before them.
if (process.env.AWS_LAMBDA_FUNCTION_NAME !== undefined) {
${lines.join('\n')}
}`
    const statements = ordered(apart).map(toStatement)
    return {
      'app.ts': this.#toApp(head, own, ["export * from './resources.ts'"], rest),
      'resources.ts': `${['// The resources of the app.', importOf(doorOf(statements.join('\n')), 'goblet'), ...statements, setting].join('\n\n')}\n`,
    }
  }

  #appText(): string {
    return this.#app === undefined ? '' : call('app', [this.#app.name, this.#app.options], 0, 15).text
  }

  #toApp(head: string, own: readonly string[], others: readonly string[], declared: readonly Declared[]): string {
    const text = this.#appText()
    const app: Declared = { name: 'default', callee: 'app', text, uses: wordsOf(text), comment: undefined }
    const statements = [
      ...[...this.#aids].sort().map((aid) => this.#aid(aid)),
      ...ordered([app, ...declared]).map(toStatement),
    ]
    const files = [...new Set(this.#imported.map(({ file }) => file))].sort(byName)
    const handlers = files.map((file) => {
      const names = this.#imported
        .filter((one) => one.file === file)
        .map(({ name, local }) => (name === local ? name : `${name} as ${local}`))
      return importOf(names.sort(byName), file)
    })
    const imports = [importOf(doorOf(statements.join('\n')), 'goblet'), ...own, ...handlers]
    return `${[head, imports.join('\n'), ...others, ...statements].join('\n\n')}\n`
  }
}

const RESOURCES = new Set([
  'table',
  'bucket',
  'queue',
  'topic',
  'stream',
  'bus',
  'secret',
  'param',
  'resource',
  'websocket',
])

/** The names of the door that a text uses. */
const doorOf = (text: string): string[] => {
  const used = [...wordsOf(text)].filter((word) => WORDS.has(word) && new RegExp(`\\b${word}\\(`).test(text))
  const types = ['AuthorizerRequest', 'RawHandler'].filter((type) => text.includes(`: ${type})`))
  return [...used, ...types.map((type) => `type ${type}`)].sort(byName)
}

const byName = (left: string, right: string): number => {
  const [low, high] = [left, right].map((one) => one.replace(/^type /, '').toLowerCase())
  if (low === undefined || high === undefined) return 0
  return low < high ? -1 : low > high ? 1 : 0
}

function importOf(names: readonly string[], from: string): string {
  const line = `import { ${names.join(', ')} } from ${quoted(from)}`
  return line.length <= 120 ? line : `import {\n${names.map((name) => `  ${name},\n`).join('')}} from ${quoted(from)}`
}

type Aid = 'missing' | 'simple' | 'asText'

const AIDS: Readonly<Record<Aid, string>> = {
  missing: `/** Stands for a handler that is still to be written. */
const missing = (was: string) => (): never => {
  throw new HttpError(501, 'NotImplementedError', \`\${was} is still to be written in TypeScript.\`)
}`,
  asText: `/** Gives bodies to a handler as text: to functions they come as base64, whatever was sent. */
const asText = (handler: RawHandler) =>
  raw((event, context, callback) => {
    if (event.isBase64Encoded !== true || BINARY.test(event.headers?.['Content-Type'] ?? event.headers?.['content-type'] ?? ''))
      return handler(event, context, callback)
    const body = Buffer.from(event.body ?? '', 'base64').toString()
    return handler({ ...event, body, isBase64Encoded: false }, context, callback)
  })`,
  simple: `/** Asks an authorizer that answers \`{ isAuthorized, context }\`. */
const simple =
  (handler: (event: any, context: any) => any) =>
  async ({ event, context }: AuthorizerRequest) => {
    const { isAuthorized, context: facts = {} } = await handler(event, context)
    return { allow: isAuthorized === true, context: facts }
  }`,
}

// What the door exports, as far as an app that was imported needs it.
const WORDS = new Set(
  `app authorizer bucket bus cognito group iam jwt lambda param queue raw resource route schedule secret stream table topic
  websocket HttpError`.split(/\s+/),
)
// Names that no const may have.
const DOOR = new Set([...WORDS, 'missing', 'simple', 'asText', 'default', 'mount', 'cron', 'rate', 'reply'])

/** Every name in a piece of code, but for keys, and what stands in quotes. */
const wordsOf = (text: string): ReadonlySet<string> => {
  const bare = text.replace(/'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"/g, '').replace(/[A-Za-z_$][\w$]*(?=: )/g, '')
  return new Set(bare.match(/[A-Za-z_$][\w$]*/g) ?? [])
}

// Each below what it names; else in the order in which they were declared.
function ordered(all: readonly Declared[]): Declared[] {
  const byName = new Map(all.map((one) => [one.name, one]))
  const done = new Set<Declared>()
  const made: Declared[] = []
  const visit = (one: Declared): void => {
    if (done.has(one)) return
    done.add(one)
    for (const name of one.uses) {
      const other = byName.get(name)
      if (other !== undefined) visit(other)
    }
    made.push(one)
  }
  for (const one of all) visit(one)
  return made
}

function toStatement({ name, text, comment }: Declared): string {
  const above = comment === undefined ? '' : `// ${comment}\n`
  return `${above}${name === 'default' ? 'export default' : `export const ${name} =`} ${text}`
}
