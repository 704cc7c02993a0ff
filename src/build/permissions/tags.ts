// What a native value is to those who have to tell: a client, a command, credentials, a handle, a declaration.
import type { Node } from './ast.ts'
import type { Values } from './atoms.ts'
import type { Cell } from './heap.ts'
import type { Unit } from './machine.ts'

/** A client of an AWS service. */
export interface ClientTag {
  readonly type: 'client'
  /** The tail of `@aws-sdk/client-…`. */
  readonly service: string
  /** `document`: methods and commands of lib-dynamodb. */
  readonly flavour: 'plain' | 'document' | 'v2'
  /** What it was made with, all that it may be. */
  readonly config: Cell
  /** Where it was made. */
  readonly node: Node
  readonly unit: Unit
}

/** An operation with its input, not sent yet. */
export interface CommandTag {
  readonly type: 'command'
  readonly service: string
  /** Undefined: it could be any. */
  readonly operation: string | undefined
  readonly input: Cell
  readonly node: Node
  readonly unit: Unit
  /** Set once it was handed to a client. */
  sent: boolean
}

export interface CredentialsTag {
  readonly type: 'credentials'
  /** They are the function's own. */
  readonly own: boolean
}

export interface HandleTag {
  readonly type: 'handle'
  /** `bucket`, `table` …; `lambda` for a function. */
  readonly kind: string
  /** The name it is declared by; of a function its identity, where that is known. */
  readonly name: string | undefined
}

/** What a factory of 'goblet' made. */
export interface DeclarationTag {
  readonly type: 'declaration'
  readonly factory: string
  /** The handle that it belongs to. */
  readonly source: Values | undefined
  readonly arguments: readonly Cell[]
}

/** A value of a library whose code is not read, with what it was given. */
export interface ExternalTag {
  readonly type: 'external'
  readonly specifier: string
  readonly path: string
  readonly held: Cell
}

/** Something of a library that has a model. */
export interface LibraryTag {
  readonly type: 'library'
  readonly what: string
  readonly given: readonly Cell[]
}

export type Tag = ClientTag | CommandTag | CredentialsTag | HandleTag | DeclarationTag | ExternalTag | LibraryTag
