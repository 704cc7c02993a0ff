// The brand that makes a value a declaration, and the recorder that build listens with. Symbols are registered ones, so two copies of this package still know each other's declarations.
import type { ResourceKind, TriggerKind } from '../model/index.ts'

export const DECLARATION: unique symbol = Symbol.for('goblet.declaration') as never

/** What a declaration is, and what it was called with. Frozen. */
export type Declared =
  | { readonly role: 'app'; readonly name: string; readonly options: object }
  | { readonly role: 'resource'; readonly kind: ResourceKind; readonly name: string; readonly options: object }
  | {
      readonly role: 'function'
      readonly trigger: TriggerKind
      readonly subject: string
      readonly source?: Declaration | undefined
      readonly options: object
      readonly handler: unknown
      /** The handler is a web app that is hosted. */
      readonly mounted?: true
    }
  | { readonly role: 'subscription'; readonly source: Declaration; readonly options: object }
  | {
      readonly role: 'group'
      readonly prefix: string
      readonly options: object
      /** A module's exports, or an object: whatever in it is no declaration is left alone. */
      readonly routes: Readonly<Record<string, unknown>>
    }

/** Anything made by one of the factories. */
export interface Declaration {
  readonly [DECLARATION]: Declared
}

const RECORDER = Symbol.for('goblet.recorder')

/** Whether a value was made by one of the factories. */
export const isDeclaration = (value: unknown): value is Declaration =>
  typeof value === 'object' && value !== null && DECLARATION in value

/** Brands and freezes a value. While the app is being read, tells the recorder of it; in Lambda there is none. */
export function declare<T extends object>(value: T, declared: Declared): T & Declaration {
  const made: T & Declaration = Object.assign(value, { [DECLARATION]: Object.freeze(declared) })
  const recorder = (globalThis as { [RECORDER]?: (made: Declaration) => void })[RECORDER]
  if (recorder !== undefined) recorder(made)
  return Object.freeze(made)
}
