// What of the runtime an app cannot need, so that its bundles go without: by the options it gives, and the words in its source.
import type { DescribedFunction, Description, Options, Plain, TriggerKind } from '../model/index.ts'
import type { Sources } from './sources.ts'
import type { Source } from './syntax.ts'

/** What to look for in the user's own files; a package could do any of it. */
const WORDS = {
  AUTH: /\bauth\b/,
  BODY: /\bbody\b/,
  FORM: /\b(?:form|formAll|body)\b/,
  LOG: /\blog\b/,
  REPLY: /\b(?:reply|Reply)\b/,
  STREAM:
    /\b(?:stream|fetch|Response|yield|Readable|ReadableStream|pipeThrough|asyncIterator|AsyncIterable|AsyncGenerator)\b/,
  TEXT: /\b(?:text|json|body|form|formAll)\b/,
  WEB: /\brequest\b/,
} satisfies Readonly<Record<string, RegExp>>

type Feature = keyof typeof WORDS | 'COMPRESS' | 'CORS' | 'MESSAGES' | 'MOUNT' | 'REST' | 'SCHEMA'

/** What one feature needs of another. */
const NEEDS: Readonly<Partial<Record<Feature, readonly Feature[]>>> = {
  SCHEMA: ['BODY', 'FORM', 'TEXT'],
  CORS: ['REPLY'],
}

const ALL: readonly Feature[] = [
  ...(Object.keys(WORDS) as (keyof typeof WORDS)[]),
  'COMPRESS',
  'CORS',
  'MESSAGES',
  'MOUNT',
  'REST',
  'SCHEMA',
]

/** The names that the runtime asks for (`typeof NO_FORM`), for esbuild's `define`. */
export function absentFeatures(description: Description, sources: Sources): Readonly<Record<string, string>> {
  const used = new Set<Feature>([...byOptions(description), ...byWords(sources)])
  for (const feature of [...used]) for (const other of NEEDS[feature] ?? []) used.add(other)
  return Object.fromEntries(ALL.filter((feature) => !used.has(feature)).map((feature) => [`NO_${feature}`, 'true']))
}

function byOptions({ app, groups, functions, resources }: Description): Feature[] {
  const of = (kind: TriggerKind): Options[] =>
    functions.filter(({ trigger }: DescribedFunction) => trigger === kind).map(({ options }) => options)
  const routes = of('http')
  // A stage may change any of the app's options.
  const stages = Object.values(isOptions(app.options.stages) ? app.options.stages : {}).filter(isOptions)
  const apps = [app.options, ...stages]
  const all = [...apps, ...groups.map(({ options }) => options), ...routes]
  const says = (given: readonly Options[], ...names: string[]): boolean =>
    given.some((options) => names.some((name) => options[name] !== undefined && options[name] !== false))
  const used: Feature[] = []
  if (says(apps, 'compress')) used.push('COMPRESS')
  if (says(all, 'cors')) used.push('CORS')
  if (says(routes, 'stream')) used.push('STREAM')
  if (says(routes, 'body', 'query', 'params', 'headers', 'contentTypes')) used.push('SCHEMA')
  if (says(of('websocket'), 'body')) used.push('SCHEMA')
  if (resources.some(({ options }) => options.schema !== undefined || options.schemas !== undefined))
    used.push('MESSAGES')
  if (functions.some(({ mounted }) => mounted !== undefined)) used.push('MOUNT')
  if (apps.some(({ api }) => api === 'rest')) used.push('REST')
  return used
}

const isOptions = (value: Plain | undefined): value is Options =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

function byWords(sources: Sources): Feature[] {
  const own = sources.files().flatMap((file) => sources.get(file) ?? [])
  const words = Object.keys(WORDS) as (keyof typeof WORDS)[]
  if (own.some(usesPackages)) return words
  const texts = own.map(({ text }) => text.replaceAll('console.log', ''))
  return words.filter((feature) => texts.some((text) => WORDS[feature].test(text)))
}

// Middleware may come from a package, and what a package returns may be a stream: nobody reads its source here.
function usesPackages({ text, module }: Source): boolean {
  const imported = module.staticImports.filter(
    ({ entries }) => entries.length === 0 || entries.some(({ isType }) => !isType),
  )
  const named = [...imported.map(({ moduleRequest }) => moduleRequest.value), ...exportedFrom(module)]
  return named.some((name) => !/^(?:\.{0,2}\/|node:|goblet$)/.test(name)) || /\bimport\s*\(|\brequire\s*\(/.test(text)
}

const exportedFrom = ({ staticExports }: Source['module']): string[] =>
  staticExports.flatMap(({ entries }) => entries.flatMap(({ moduleRequest }) => moduleRequest?.value ?? []))
