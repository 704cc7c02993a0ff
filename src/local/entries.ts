// What the journal holds: invocations, their log lines, the hops between them, and how they look as CloudWatch Logs shows them.
import type { Complaint } from '../errors.ts'
import type { LogsModel } from '../model/index.ts'

interface Happened {
  /** Milliseconds since 1970. */
  readonly time: number
  /** The function's name in the app. */
  readonly function: string
  readonly requestId: string
}

export interface StartEntry extends Happened {
  readonly kind: 'start'
  /** What caused it: the hop or the invocation before it. */
  readonly parent: string
}

export interface LogEntry extends Happened {
  readonly kind: 'log'
  readonly text: string
}

export interface ReportEntry extends Happened {
  readonly kind: 'report'
  /** Milliseconds. */
  readonly duration: number
  /** Milliseconds the sandbox took to load; only on its first event. */
  readonly init: number | undefined
  /** MB configured. */
  readonly memorySize: number
  /** MB used at most by the sandbox so far. */
  readonly memoryUsed: number
  /** How it ended, when it did not end well. */
  readonly status: 'timeout' | 'error' | undefined
}

/** A step between invocations: an HTTP request, a message received, a call to AWS. */
export interface HopEntry extends Happened {
  readonly kind: 'hop'
  readonly text: string
}

/** A request that the HTTP API answered. */
export interface RequestEntry extends Happened {
  readonly kind: 'request'
  readonly method: string
  readonly path: string
  readonly status: number
  /** Milliseconds. */
  readonly duration: number
}

/** Something that a function did, or was kept from doing, which nothing allows it. */
export interface DeniedEntry extends Happened {
  readonly kind: 'denied'
  /** It was let through all the same. */
  readonly passed: boolean
  readonly action: string
  readonly resource: string
  /** For people: what it was, where, and how to mend it. */
  readonly complaint: Complaint
}

export type JournalEntry = DeniedEntry | RequestEntry | StartEntry | LogEntry | ReportEntry | HopEntry

/** An entry of a function as CloudWatch Logs gets it: what Lambda itself says in the form that the function has for its logs. */
export function toWritten(entry: JournalEntry, { format, systemLevel }: LogsModel): string[] {
  if (format === 'text' || (entry.kind !== 'start' && entry.kind !== 'report')) return toLines(entry)
  // Source: "System log level event mapping": INFO, but for reports of what did not succeed, which are WARN.
  const hasFailed = entry.kind === 'report' && entry.status !== undefined
  if (systemLevel === 'warn' && !hasFailed) return []
  const record = entry.kind === 'start' ? { requestId: entry.requestId, version: '$LATEST' } : toReport(entry)
  return [JSON.stringify({ time: new Date(entry.time).toISOString(), type: `platform.${entry.kind}`, record })]
}

// Source: "Lambda Telemetry API Event schema reference", platform.report.
function toReport({ requestId, duration, init, memorySize, memoryUsed, status }: ReportEntry): object {
  const metrics = {
    durationMs: Number(duration.toFixed(3)),
    billedDurationMs: Math.ceil(duration + (init ?? 0)),
    memorySizeMB: memorySize,
    maxMemoryUsedMB: memoryUsed,
    ...(init === undefined ? {} : { initDurationMs: Number(init.toFixed(2)) }),
  }
  return { requestId, metrics, status: status ?? 'success' }
}

/** An entry as CloudWatch Logs would show it, as text: START, the function's own lines, END and REPORT. Hops and requests show nothing there. */
export function toLines(entry: JournalEntry): string[] {
  const { kind, requestId } = entry
  if (kind === 'start') return [`START RequestId: ${requestId} Version: $LATEST`]
  if (kind === 'log') return entry.text.split('\n')
  if (kind === 'hop' || kind === 'request' || kind === 'denied') return []
  const { duration, init, memorySize, memoryUsed, status } = entry
  const parts = [
    `REPORT RequestId: ${requestId}`,
    `Duration: ${duration.toFixed(2)} ms`,
    `Billed Duration: ${Math.ceil(duration + (init ?? 0))} ms`,
    `Memory Size: ${memorySize} MB`,
    `Max Memory Used: ${memoryUsed} MB`,
    ...(init === undefined ? [] : [`Init Duration: ${init.toFixed(2)} ms`]),
    ...(status === undefined ? [] : [`Status: ${status}`]),
  ]
  return [`END RequestId: ${requestId}`, parts.join('\t')]
}
