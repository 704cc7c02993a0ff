// What a table says when a condition does not hold. Stands alone: the door exports it, the table's client, loaded late, throws it.

/** The condition of a write does not hold. Nothing was written. */
export class ConditionError extends Error {
  /** Stays what it is when the build shortens the names of classes: logs and `error.constructor.name` show it. */
  static override readonly name = 'ConditionError'
  override readonly name = 'ConditionError'
  readonly code = 'ConditionalCheckFailedException'
  /** The item that is there; undefined when there is none. */
  readonly item: unknown

  constructor(item: unknown) {
    super('The condition of the write does not hold.')
    this.item = item
  }
}

/** Why one write of a transaction was not done; `None` where it was not its fault. */
export interface CancellationReason {
  readonly code: string
  readonly message: string
  /** The item whose condition does not hold. */
  readonly item: unknown
}

/** A transaction was not done, none of it. */
export class TransactionError extends Error {
  /** Stays what it is when the build shortens the names of classes: logs and `error.constructor.name` show it. */
  static override readonly name = 'TransactionError'
  override readonly name = 'TransactionError'
  readonly code = 'TransactionCanceledException'
  /** One for each write, in their order. */
  readonly reasons: readonly CancellationReason[]

  constructor(reasons: readonly CancellationReason[]) {
    const told = reasons.flatMap(({ code, message }, index) =>
      code === 'None' ? [] : [`write ${index}: ${code}${message === '' ? '' : ` ${message}`}`],
    )
    super(`The transaction was not done: ${told.join('; ')}`)
    this.reasons = reasons
  }
}
