// The second argument of every Lambda handler.

/** Lambda's context object. Source: the Node.js runtime interface client of AWS, versions 3 and 4. */
export interface Context {
  readonly functionName: string
  readonly functionVersion: string
  readonly invokedFunctionArn: string
  /** MB, as a string. */
  readonly memoryLimitInMB: string
  readonly awsRequestId: string
  readonly logGroupName: string
  readonly logStreamName: string
  readonly clientContext?: unknown
  readonly identity?: unknown
  readonly tenantId?: string
  callbackWaitsForEmptyEventLoop: boolean
  /** Milliseconds until the function is stopped. */
  getRemainingTimeInMillis(): number
}

/** What Lambda calls. */
export type LambdaHandler<Event = unknown, Result = unknown> = (event: Event, context: Context) => Promise<Result>
