// A function's own log lines, as Lambda's Node.js runtime writes them: text with tabs, or JSON. Source: its LogPatch and Errors.
import { format } from 'node:util'

export type ConsoleLevel = 'TRACE' | 'DEBUG' | 'INFO' | 'WARN' | 'ERROR' | 'FATAL'

const LEVELS: readonly string[] = ['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'FATAL']

/** The methods of `console`, and the level of each. Lambda adds `fatal`. */
export const METHODS = {
  log: 'INFO',
  info: 'INFO',
  debug: 'DEBUG',
  trace: 'TRACE',
  warn: 'WARN',
  error: 'ERROR',
  fatal: 'FATAL',
} as const satisfies Record<string, ConsoleLevel>

/** How a function writes: what its environment says when it is loaded. */
export interface Manner {
  readonly isJson: boolean
  /** The place of the least level in their order. */
  readonly least: number
}

export const toManner = ({
  AWS_LAMBDA_LOG_FORMAT,
  AWS_LAMBDA_LOG_LEVEL = '',
}: Readonly<Record<string, string>>): Manner => ({
  isJson: AWS_LAMBDA_LOG_FORMAT === 'JSON',
  least: Math.max(0, LEVELS.indexOf(AWS_LAMBDA_LOG_LEVEL)),
})

/** What is written of values; undefined: nothing, as the level is too low. `requestId` is empty between events. */
export function toLine(
  { isJson, least }: Manner,
  level: ConsoleLevel,
  requestId: string,
  values: readonly unknown[],
): string | undefined {
  // console.fatal is never silenced.
  if (level !== 'FATAL' && LEVELS.indexOf(level) < least) return undefined
  const timestamp = new Date().toISOString()
  if (!isJson) return `${timestamp}\t${requestId === '' ? 'undefined' : requestId}\t${level}\t${format(...values)}`
  return toJson({ timestamp, level, requestId: requestId === '' ? undefined : requestId }, values)
}

function toJson(head: object, values: readonly unknown[]): string {
  const [only] = values
  if (values.length === 1) {
    try {
      return JSON.stringify({ ...head, message: only }, (_, value) => (value instanceof Error ? toFault(value) : value))
    } catch {
      return JSON.stringify({ ...head, message: format(only) })
    }
  }
  const error = values.find((value) => value instanceof Error)
  const { errorType, errorMessage, stackTrace } = error === undefined ? {} : toFault(error)
  return JSON.stringify({ ...head, message: format(...values), errorType, errorMessage, stackTrace })
}

interface Fault {
  readonly errorType?: string
  readonly errorMessage?: string
  readonly stackTrace?: readonly string[]
}

const toFault = (error: Error): Fault => ({
  errorType: error.constructor?.name ?? 'UnknownError',
  errorMessage: error.message,
  stackTrace: error.stack?.split('\n') ?? [],
  ...error,
})
