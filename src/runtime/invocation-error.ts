// What `invoke` throws when the function fails. Stands alone: the door exports it, the client, loaded late, throws it.

/** The function that was called failed. */
export class InvocationError extends Error {
  /** Stays what it is when the build shortens the names of classes: logs and `error.constructor.name` show it. */
  static override readonly name = 'InvocationError'
  override readonly name = 'InvocationError'
  /** The class of the error thrown there. */
  readonly type: string

  constructor(type: string, message: string) {
    super(`${type}: ${message}`)
    this.type = type
  }
}
