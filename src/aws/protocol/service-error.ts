// What an AWS service answers when it refuses: one error, worded by whichever protocol the client speaks.

/** A refusal in a service's own words. `type` is the shape's name, `code` the older name the query protocol uses. */
export class ServiceError extends Error {
  override readonly name = 'ServiceError'
  readonly type: string
  readonly code: string
  readonly status: number
  readonly fault: 'Sender' | 'Receiver'

  constructor(type: string, message: string, { code = type, status = 400 }: { code?: string; status?: number } = {}) {
    super(message)
    this.type = type
    this.code = code
    this.status = status
    this.fault = status >= 500 ? 'Receiver' : 'Sender'
  }
}
