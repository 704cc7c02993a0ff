// What Lambda tells a destination of an event that nobody waited for, and what it sends to a dead-letter queue.
// Source: recorded answers; "Retaining records of asynchronous invocations" for the bus.

/** Why there is nothing more to be tried. */
export type Condition = 'Success' | 'RetriesExhausted' | 'EventAgeExceeded' | 'ZeroReservedConcurrency'

/** How an asynchronous invocation ended. */
export interface Ending {
  readonly requestId: string
  /** The function's, without a version. */
  readonly functionArn: string
  readonly condition: Condition
  /** How often the function was invoked. */
  readonly count: number
  /** Milliseconds since 1970. */
  readonly time: number
  /** JSON: the event. */
  readonly request: string
  /** JSON: what the last try answered; undefined: it was never begun. */
  readonly response: string | undefined
}

/** The record that a destination gets. */
export interface InvocationRecord {
  readonly version: '1.0'
  readonly timestamp: string
  readonly requestContext: {
    readonly requestId: string
    readonly functionArn: string
    readonly condition: Condition
    readonly approximateInvokeCount: number
  }
  readonly requestPayload: unknown
  readonly responseContext?: {
    readonly statusCode: number
    readonly executedVersion: string
    readonly functionError?: 'Unhandled'
  }
  readonly responsePayload?: unknown
}

/** Builds the record of an ending. */
export function toInvocationRecord(ending: Ending): InvocationRecord {
  const { requestId, functionArn, condition, count, time, request, response } = ending
  return {
    version: '1.0',
    timestamp: new Date(time).toISOString(),
    requestContext: { requestId, functionArn: `${functionArn}:$LATEST`, condition, approximateInvokeCount: count },
    requestPayload: JSON.parse(request),
    ...(response === undefined
      ? {}
      : {
          responseContext: {
            statusCode: 200,
            executedVersion: '$LATEST',
            ...(condition === 'Success' ? {} : { functionError: 'Unhandled' }),
          },
          responsePayload: JSON.parse(response),
        }),
  }
}

/** The same as an event of a bus. */
export function toInvocationBusEvent(ending: Ending, { bus, id }: { bus: string; id: string }): object {
  const [, , , region, account] = ending.functionArn.split(':')
  return {
    version: '0',
    id,
    'detail-type': `Lambda Function Invocation Result - ${ending.condition === 'Success' ? 'Success' : 'Failure'}`,
    source: 'lambda',
    account,
    time: new Date(ending.time).toISOString().replace(/\.\d+Z$/, 'Z'),
    region,
    resources: [bus, `${ending.functionArn}:$LATEST`],
    detail: toInvocationRecord(ending),
  }
}

/**
 * The key of a record in a bucket: `of` is `async` and the function's name, or the id of the event source mapping and the
 * shard. Source: "Capturing records of Lambda asynchronous invocations", "Retain discarded records".
 */
export function toRecordKey(of: readonly [string, string], { time, id }: { time: number; id: string }): string {
  const [date = '', clock = ''] = new Date(time).toISOString().slice(0, 19).split('T')
  return ['aws/lambda', ...of, ...date.split('-'), `${date}T${clock.replaceAll(':', '.')}-${id}`].join('/')
}

/** The attributes beside the event in a dead-letter queue. */
export function toDeadLetterAttributes(
  ending: Ending,
): Record<string, { readonly DataType: 'String' | 'Number'; readonly StringValue: string }> {
  const { requestId, response } = ending
  return {
    RequestID: { DataType: 'String', StringValue: requestId },
    ErrorCode: { DataType: 'Number', StringValue: response === undefined ? '429' : '200' },
    // A message attribute may not be empty, and Lambda cuts the words at 1 KB.
    ErrorMessage: { DataType: 'String', StringValue: wordsOf(response).slice(0, 1024) || ' ' },
  }
}

function wordsOf(response: string | undefined): string {
  if (response === undefined) return 'Rate Exceeded.'
  const answer: unknown = JSON.parse(response)
  const words = typeof answer === 'object' && answer !== null && 'errorMessage' in answer ? answer.errorMessage : ''
  return typeof words === 'string' ? words : JSON.stringify(words)
}
