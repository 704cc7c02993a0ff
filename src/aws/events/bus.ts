// The event a rule of an event bus sends to a function: read and built here.

/** Source: EventBridge's events, as recorded on AWS. */
export interface BusEvent<Detail = unknown> {
  readonly version: string
  readonly id: string
  readonly 'detail-type': string
  readonly source: string
  readonly account: string
  /** ISO time without milliseconds. */
  readonly time: string
  readonly region: string
  /** Of events that an archive sends again. */
  readonly 'replay-name'?: string
  readonly resources: readonly string[]
  readonly detail: Detail
}

export interface BusEventParts {
  readonly id: string
  readonly type: string
  readonly source: string
  readonly account: string
  readonly region: string
  /** Milliseconds since 1970. */
  readonly time: number
  readonly resources: readonly string[]
  /** JSON; it goes into the event as it stands, so that numbers keep their digits. */
  readonly detail: string
}

/** The event as JSON. */
export function toBusEventText(parts: BusEventParts): string {
  const { id, type, source, account, region, time, resources, detail } = parts
  const head = {
    version: '0',
    id,
    'detail-type': type,
    source,
    account,
    time: toBusTime(time),
    region,
    resources,
  }
  return `${JSON.stringify(head).slice(0, -1)},"detail":${compact(detail)}}`
}

/** The same event as an archive sends it again. */
export function toReplayedText(event: string, replay: string): string {
  // Recorded: the name stands before the resources. What is before them holds no object.
  const at = event.indexOf(',"resources":')
  const name = `,"replay-name":${JSON.stringify(replay)}`
  return at < 0 ? event : `${event.slice(0, at)}${name}${event.slice(at)}`
}

/** ISO time without milliseconds. */
export const toBusTime = (time: number): string => new Date(time).toISOString().replace(/\.\d+Z$/, 'Z')

// Without what stands between the tokens of valid JSON.
const compact = (json: string): string =>
  /\s/.test(json) ? json.replace(/("(?:[^"\\]|\\.)*")|[ \t\r\n]+/g, '$1') : json
