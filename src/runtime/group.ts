// `group(prefix, options, routes)`: routes of another module under a path, with what they have in common.
import type { AuthOption } from './auth.ts'
import type { CorsOptions } from './cors.ts'
import { DECLARATION, type Declaration, declare, isDeclaration } from './declare.ts'
import type { FunctionOptions } from './options.ts'

/** What holds for every route of a group. A route's own `auth` and `cors` win; its `use` runs inside the group's. */
export interface GroupOptions extends FunctionOptions {
  /** One function for the routes of the group. Options of a function hold only with it. Default: false. */
  isolate?: boolean
  auth?: AuthOption
  /** `false`: none, whatever the app says. */
  cors?: boolean | CorsOptions
}

export interface Group<Prefix extends string = string, Routes extends object = object> extends Declaration {
  readonly prefix: Prefix
  /** Only in the types: what the group holds. */
  readonly routes?: Routes
}

/**
 * Nests a module, or an object of declarations, under a path. Groups nest; a route is called `admin.list`.
 *
 * @example
 * import * as routes from './admin.ts'
 * export const admin = group('/admin', { auth: token }, routes)
 */
export function group<const Prefix extends string, Routes extends object>(
  prefix: Prefix,
  routes: Routes,
): Group<Prefix, Routes>
export function group<const Prefix extends string, Routes extends object>(
  prefix: Prefix,
  options: GroupOptions,
  routes: Routes,
): Group<Prefix, Routes>
export function group<const Prefix extends string, Routes extends object>(
  prefix: Prefix,
  first: GroupOptions | Routes,
  second?: Routes,
): Group<Prefix, Routes> {
  const options = second === undefined ? {} : first
  const routes: Record<string, unknown> = Object.fromEntries(Object.entries(second ?? first))
  return declare({ prefix }, { role: 'group', prefix, options, routes })
}

/** One route as it stands after its groups: its whole pattern, and what the groups add. */
export interface Flat {
  /** `admin.list`. */
  readonly identity: string
  readonly declaration: Declaration
  /** `/admin`, or the empty text outside of any group. */
  readonly prefix: string
  /** The options of its groups, outermost first. */
  readonly groups: readonly GroupOptions[]
}

/** Every function declared in these exports, groups opened. */
export function flatten(
  exports: Readonly<Record<string, unknown>>,
  within: Omit<Flat, 'declaration'> = { identity: '', prefix: '', groups: [] },
): Flat[] {
  return Object.entries(exports).flatMap(([name, declaration]) => {
    if (!isDeclaration(declaration)) return []
    const declared = declaration[DECLARATION]
    const identity = within.identity === '' ? name : `${within.identity}.${name}`
    if (declared.role === 'function') return [{ ...within, identity, declaration }]
    if (declared.role !== 'group') return []
    const prefix = joined(within.prefix, declared.prefix)
    return flatten(declared.routes, { identity, prefix, groups: [...within.groups, declared.options] })
  })
}

/** A path below a prefix. `/` in the group `/admin` is `/admin`, as everywhere. */
export function joined(prefix: string, path: string): string {
  if (prefix === '' || prefix === '/') return path
  const base = prefix.endsWith('/') ? prefix.slice(0, -1) : prefix
  return path === '/' ? base : base + path
}
