// What an expression is once it is parsed: the text alone decides it, so that one tree serves every request with that text.

/** A step of a document path: a name as written, a `#placeholder` for one, or the index of a list. */
export type Step =
  | { readonly name: string }
  | { readonly placeholder: string }
  | { readonly index: number; readonly text: string }

export interface Path {
  readonly kind: 'path'
  readonly steps: readonly Step[]
}

export interface ValueName {
  readonly kind: 'value'
  /** With its colon. */
  readonly name: string
}

export interface Call {
  readonly kind: 'call'
  readonly name: string
  readonly operands: readonly Operand[]
}

export type Operand = Path | ValueName | Call

export type Comparator = '=' | '<>' | '<' | '<=' | '>' | '>='

export interface Comparison {
  readonly kind: 'comparison'
  readonly comparator: Comparator
  readonly left: Operand
  readonly right: Operand
}

export interface Between {
  readonly kind: 'between'
  readonly operand: Operand
  readonly low: Operand
  readonly high: Operand
}

export interface Membership {
  readonly kind: 'in'
  readonly operand: Operand
  readonly list: readonly Operand[]
}

export interface Junction<Kind extends 'and' | 'or'> {
  readonly kind: Kind
  readonly parts: readonly Condition[]
}

export interface Negation {
  readonly kind: 'not'
  readonly part: Condition
}

export type Condition = Junction<'and'> | Junction<'or'> | Negation | Comparison | Between | Membership | Call

export interface Arithmetic {
  readonly kind: 'arithmetic'
  readonly operator: '+' | '-'
  readonly left: Operand
  readonly right: Operand
}

export type SetValue = Operand | Arithmetic

export type UpdateAction =
  | { readonly section: 'SET'; readonly path: Path; readonly value: SetValue }
  | { readonly section: 'REMOVE'; readonly path: Path }
  | { readonly section: 'ADD' | 'DELETE'; readonly path: Path; readonly value: ValueName }

/** The actions of an update, clause by clause as written. */
export type Update = readonly (readonly UpdateAction[])[]

export type Projection = readonly Path[]
