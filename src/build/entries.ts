// The modules that Lambda calls: for each function the waker of its trigger around the user's declarations.
import { resolve } from 'node:path'
import type { Plugin } from 'esbuild'
import type { TriggerKind } from '../model/index.ts'
import type { BundleRequest } from './bundle.ts'
import { ours } from './copy.ts'

const WAKE = {
  http: 'wakeHttp',
  queue: 'wakeQueue',
  schedule: 'wakeSchedule',
  lambda: 'wakeLambda',
  authorizer: 'wakeAuthorizer',
} satisfies Record<TriggerKind, string>

const NAMESPACE = 'goblet-function'

/** What esbuild is given as a function's entry point. */
export const entryPoint = (name: string): string => `${NAMESPACE}:${name}`

/** Makes the entry modules; `entry` is the user's own, absolute. */
export function entries(functions: readonly BundleRequest[], entry: string): Plugin {
  const byName = new Map(functions.map((one) => [one.name, one]))
  return {
    name: 'goblet-functions',
    setup: (build) => {
      build.onResolve({ filter: new RegExp(`^${NAMESPACE}:`) }, ({ path }) => ({
        path: path.slice(NAMESPACE.length + 1),
        namespace: NAMESPACE,
      }))
      build.onLoad({ filter: /.*/, namespace: NAMESPACE }, ({ path }) => {
        const request = byName.get(path)
        return request === undefined
          ? undefined
          : { contents: toEntry(request, functions, entry), loader: 'js', resolveDir: resolve(entry, '..') }
      })
    },
  }
}

function toEntry(request: BundleRequest, all: readonly BundleRequest[], entry: string): string {
  const { trigger, exports } = request
  const wake = WAKE[trigger]
  const roots = [...new Set(exports.map(rootOf))]
  const imports = roots.map((name, index) => `${JSON.stringify(name)} as declaration${index}`)
  const woken = trigger === 'http' ? toRoutes(request, roots, all) : toDeclaration(exports[0] ?? '')
  return [
    `import app, { ${imports.join(', ')} } from ${JSON.stringify(entry)}`,
    `import { ${wake} } from ${JSON.stringify(ours(`runtime/triggers/${trigger}`))}`,
    `export const handler = ${wake}(app, ${woken})`,
  ].join('\n')
}

/** The export that holds a declaration: `admin.list` is in the exported group `admin`. */
const rootOf = (identity: string): string => identity.slice(0, `${identity}.`.indexOf('.'))

function toRoutes({ exports }: BundleRequest, roots: readonly string[], all: readonly BundleRequest[]): string {
  const routes = roots.map((name, index) => `${JSON.stringify(name)}: declaration${index}`)
  // Only where another function answers for some routes of a group must it be said which ones are meant.
  const inRoots = all
    .flatMap((one) => (one.trigger === 'http' ? one.exports : []))
    .filter((one) => roots.includes(rootOf(one)))
  const only = inRoots.length === exports.length ? '' : `, ${JSON.stringify(exports)}`
  return `{ ${routes.join(', ')} }${only}`
}

// In a group a declaration is found as the runtime does, by the brand.
const toDeclaration = (identity: string): string =>
  identity
    .split('.')
    .slice(1)
    .reduce(
      (holder, name) => `${holder}[Symbol.for('goblet.declaration')].routes[${JSON.stringify(name)}]`,
      'declaration0',
    )
