// Declarations woken as a generated entry wakes them, for tests of the runtime.
import type { Context } from '../../src/aws/context.ts'
import type { HttpEvent, HttpResult } from '../../src/aws/events/http.ts'
import type { RestEvent } from '../../src/aws/events/rest.ts'
import { app } from '../../src/index.ts'
import { type Declaration, isDeclaration } from '../../src/runtime/declare.ts'
import { wakeHttp } from '../../src/runtime/triggers/http.ts'

export const SHOP = app('shop')

/** The Lambda handler of these routes and groups, in an app of these options; answers as an HTTP API or a URL gets it. */
export function woken(
  routes: readonly Declaration[] | Readonly<Record<string, Declaration>>,
  shop: Declaration = SHOP,
): (event: HttpEvent | RestEvent, context: Context) => Promise<HttpResult> {
  const named = Array.isArray(routes) ? Object.fromEntries(routes.map((one, index) => [`route${index}`, one])) : routes
  const exports: Record<string, Declaration> = {}
  for (const [name, one] of Object.entries(named)) if (isDeclaration(one)) exports[name] = one
  return wakeHttp(shop, exports)
}
