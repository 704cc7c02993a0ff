// What a PartiQL statement is once it is parsed. Conditions and updates are the trees that expressions have, too.
import type { Placeholders } from '../expressions/placeholders.ts'
import type { Condition, Path, Update } from '../expressions/tree.ts'
import type { Item } from '../values.ts'

interface Common {
  readonly table: string
  readonly given: Placeholders
}

export interface Select extends Common {
  readonly kind: 'select'
  readonly index: string | undefined
  /** Undefined: everything. */
  readonly paths: readonly Path[] | undefined
  readonly where: Condition | undefined
  readonly order: { readonly by: string; readonly isBackwards: boolean } | undefined
}

export interface Insert extends Common {
  readonly kind: 'insert'
  readonly item: Item
}

export interface Returning {
  readonly scope: 'ALL' | 'MODIFIED'
  readonly image: 'OLD' | 'NEW'
}

export interface Change extends Common {
  readonly kind: 'update' | 'delete'
  readonly update: Update
  readonly where: Condition | undefined
  readonly returning: Returning | undefined
}

/** Only in a transaction: the condition must hold. */
export interface Exists extends Common {
  readonly kind: 'exists'
  readonly where: Condition | undefined
}

export type Statement = Select | Insert | Change | Exists
