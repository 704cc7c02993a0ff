// `app(name, options)`: the default export of the entry module; what holds for every function.
import { type Declaration, declare } from './declare.ts'
import type { AppOptions } from './options.ts'

export interface App extends Declaration {
  readonly name: string
}

/**
 * Declares the app. Its name begins every name on AWS: `<app>-<stage>-<export>`.
 *
 * @example
 * export default app('imager', { memory: 512, stages: { prod: { memory: 1024 } } })
 */
export function app(name: string, options: AppOptions = {}): App {
  return declare({ name }, { role: 'app', name, options })
}
