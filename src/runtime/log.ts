// `req.log`: lines of JSON that carry the request's id, in the form that Lambda's own JSON logs have.

export type LogFields = Readonly<Record<string, unknown>>

/** A log whose lines say which request they belong to. */
export interface Log {
  debug(message: string, fields?: LogFields): void
  info(message: string, fields?: LogFields): void
  warn(message: string, fields?: LogFields): void
  error(message: string, fields?: LogFields): void
  /** A log whose lines carry these fields too. */
  with(fields: LogFields): Log
}

const LEVELS = ['DEBUG', 'INFO', 'WARN', 'ERROR'] as const

type Level = (typeof LEVELS)[number]

// Lambda's own threshold; `debug: true` of the app lets everything through.
function threshold(): number {
  const { GOBLET_DEBUG, AWS_LAMBDA_LOG_LEVEL = 'INFO' } = process.env
  if (GOBLET_DEBUG === 'true' || AWS_LAMBDA_LOG_LEVEL === 'TRACE') return 0
  if (AWS_LAMBDA_LOG_LEVEL === 'FATAL') return LEVELS.length - 1
  return Math.max(0, LEVELS.indexOf(AWS_LAMBDA_LOG_LEVEL as Level))
}

const SINKS = { DEBUG: 'debug', INFO: 'info', WARN: 'warn', ERROR: 'error' } as const

/** Opens a log. */
export function openLog(always: LogFields): Log {
  const write = (level: Level, message: string, fields: LogFields | undefined): void => {
    if (LEVELS.indexOf(level) < threshold()) return
    const line = toLine(level, message, fields, always)
    // In JSON mode Lambda writes an object as JSON itself, beside its own timestamp and level.
    const json = process.env.AWS_LAMBDA_LOG_FORMAT === 'JSON'
    console[SINKS[level]](json ? JSON.parse(line) : line)
  }
  return {
    debug: (message, fields) => write('DEBUG', message, fields),
    info: (message, fields) => write('INFO', message, fields),
    warn: (message, fields) => write('WARN', message, fields),
    error: (message, fields) => write('ERROR', message, fields),
    with: (fields) => openLog({ ...fields, ...always }),
  }
}

// A log must never be what fails a request: what JSON cannot hold is written as text, what cannot be read is left out.
function toLine(level: Level, message: string, fields: LogFields | undefined, always: LogFields): string {
  try {
    // What a line is always known by comes last: fields may not pretend to be another request.
    return toJson({ level, message, ...fields, ...always })
  } catch (error) {
    return toJson({ level, message, ...always, unwritable: String(error) })
  }
}

function toJson(record: LogFields): string {
  const above: { readonly value: object; readonly shown: object }[] = []
  return JSON.stringify(record, function (this: object, _, value: unknown) {
    if (typeof value === 'bigint') return String(value)
    if (typeof value !== 'object' || value === null) return value
    while (above.length > 0 && above.at(-1)?.shown !== this) above.pop()
    if (above.some((one) => one.value === value)) return '[circular]'
    const shown = value instanceof Error ? toFault(value) : value
    above.push({ value, shown })
    return shown
  })
}

const toFault = (error: Error): object => ({
  errorType: error.name,
  errorMessage: error.message,
  stackTrace: error.stack?.split('\n'),
  ...(error.cause === undefined ? {} : { cause: error.cause }),
})
