// Which operations of AWS survive in each function's bundle, and by which import: what the permissions are held against.
import { existsSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Where } from '../errors.ts'
import { shown } from './complaints.ts'
import { packageOf } from './packages.ts'
import type { Separated } from './separate.ts'
import { NAMESPACE, type Shared } from './share.ts'
import { type Sources, toPosition } from './sources.ts'
import type { Source } from './syntax.ts'

/** Operations of one service that one file brings in. */
export interface Survivor {
  /** The tail of the client's package: `s3`; of lib-dynamodb `dynamodb`. */
  readonly service: string
  /** As the client calls them: `PutObject`, of lib-dynamodb `Put`. */
  readonly operations: readonly string[]
  /** The package's name is `@aws-sdk/lib-dynamodb`, which calls operations in its own way. */
  readonly isDocument: boolean
  /** The import in the user's own code that brings it in. */
  readonly where: Where
  /** The packages on the way, the one that asks for it last; empty: the user's own code does. */
  readonly through: readonly string[]
}

interface Given {
  readonly root: string
  readonly outdir: string
  readonly names: readonly string[]
  readonly sources: Sources
  readonly separated: Separated
  readonly shared: Shared
}

const SDK = /^@aws-sdk\/(?:client-([a-z0-9-]+)|lib-(dynamodb))$/

const serviceOf = (specifier: string): string | undefined => {
  const [, client, library] = SDK.exec(specifier) ?? []
  return client ?? library
}

export function survivorsOf(given: Given): Map<string, Survivor[]> {
  return new Map(given.names.map((name) => [name, [...ownOf(name, given), ...othersOf(name, given)]]))
}

/** What the user's own files import, as far as it is still imported when all that is unused has gone. */
function ownOf(name: string, { root, sources, separated: { modules, reached } }: Given): Survivor[] {
  const kept = [...modules].flatMap(([path, text]) =>
    path === `${name}.mjs` || path.startsWith(`${name}/`) ? [text] : [],
  )
  const isKept = (word: string): boolean => kept.some((text) => new RegExp(`\\b${word}\\b`).test(text))
  return (reached.get(name) ?? []).flatMap((file) => {
    const source = sources.get(file)
    return source === undefined ? [] : commandsIn(source, isKept, root)
  })
}

function commandsIn({ file, text, module }: Source, isKept: (word: string) => boolean, root: string): Survivor[] {
  return module.staticImports.flatMap(({ moduleRequest, entries, start }) => {
    const service = serviceOf(moduleRequest.value)
    const names = entries.flatMap(({ isType, importName }) => (isType ? [] : (importName.name ?? [])))
    const operations = names.filter((one) => one.endsWith('Command') && isKept(one)).map((one) => one.slice(0, -7))
    if (service === undefined || operations.length === 0) return []
    const isDocument = moduleRequest.value === '@aws-sdk/lib-dynamodb'
    return [{ service, operations, isDocument, where: placeOf(root, file, text, start), through: [] }]
  })
}

function placeOf(root: string, file: string, text: string, offset: number): Where {
  const [line, column] = toPosition(text, offset)
  return { file: shown(root, file), line, column }
}

// The SDK's own packages do what they are asked; how these libraries ask, the analysis knows.
const KNOWN =
  /^(?:@aws-sdk\/|@smithy\/|@aws-lambda-powertools\/|@aws\/|electrodb$|@middy\/(?:core|ssm|secrets-manager)$|dynamodb-toolbox$|dynamoose$|goblet$)/

/** What other packages import. They are read as text: what they name is what they may ask for. */
function othersOf(name: string, given: Given): Survivor[] {
  const { outdir, shared } = given
  const included = new Set(outputsOf(name, shared).flatMap(({ inputs }) => inputs))
  return [...included].flatMap((path) => {
    const from = packageOf(resolve(outdir, path))
    if (from === undefined || KNOWN.test(from.name)) return []
    const clients = (shared.graph[path]?.imports ?? []).flatMap(({ original = '' }) =>
      SDK.test(original) ? [original] : [],
    )
    if (clients.length === 0) return []
    const way = wayTo(path, name, given)
    const text = readText(resolve(outdir, path))
    return [...new Set(clients)].map((specifier) => ({
      service: serviceOf(specifier) ?? '',
      operations: [...new Set([...text.matchAll(/\b([A-Z][A-Za-z0-9]+)Command\b/g)].map(([, word = '']) => word))],
      isDocument: specifier === '@aws-sdk/lib-dynamodb',
      ...way,
    }))
  })
}

const readText = (file: string): string => (existsSync(file) ? readFileSync(file, 'utf8') : '')

function outputsOf(name: string, { linked }: Shared): { readonly inputs: readonly string[] }[] {
  const reached = new Set([`${name}.mjs`])
  for (const path of reached) for (const other of linked.get(path)?.imports ?? []) reached.add(other)
  return [...reached].flatMap((path) => linked.get(path) ?? [])
}

/** From the function's own module to a package's file, by the shortest way. */
function wayTo(target: string, name: string, given: Given): Pick<Survivor, 'where' | 'through'> {
  const { graph } = given.shared
  const parts = Object.keys(graph).filter(
    (path) => path === `${NAMESPACE}:${name}.mjs` || path.startsWith(`${NAMESPACE}:${name}/`),
  )
  const before = new Map<string, string | undefined>(parts.map((path) => [path, undefined]))
  for (const [path] of before)
    for (const { path: next } of graph[path]?.imports ?? []) if (!before.has(next)) before.set(next, path)
  const way: string[] = []
  for (let at: string | undefined = target; at !== undefined; at = before.get(at)) way.unshift(at)
  const through = way.flatMap((path) => packageOf(resolve(given.outdir, path))?.name ?? [])
  const names = through.filter((one, index) => one !== through[index - 1])
  return { where: importOf(names[0] ?? '', name, given), through: names }
}

/** Where the user's own code imports a package. */
function importOf(specifier: string, name: string, { root, sources, separated: { reached } }: Given): Where {
  const files = reached.get(name) ?? []
  for (const file of files) {
    const { text, module } = sources.get(file) ?? {}
    const found = module?.staticImports.find(
      ({ moduleRequest: { value } }) => value === specifier || value.startsWith(`${specifier}/`),
    )
    if (found !== undefined && text !== undefined) return placeOf(root, file, text, found.start)
  }
  return { file: shown(root, files[0] ?? root), line: 1 }
}
