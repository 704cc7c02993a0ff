// The filters of an event source: patterns over the record of a message, its body read as JSON where it is JSON.
import { type ReceivedMessage, toQueueEvent } from '../../../aws/events/queue.ts'
import { compilePattern } from '../../../aws/pattern.ts'
import { REGION } from '../../service.ts'

/** Whether a message is to be delivered: it matches one of the patterns, or there is none. */
export function matcherOf(patterns: readonly object[], arn: string): (message: ReceivedMessage) => boolean {
  const matchers = patterns.map((pattern) => compilePattern(pattern, 'source'))
  if (matchers.length === 0) return () => true
  return (message) => {
    const [record] = toQueueEvent([message], arn, REGION).Records
    const event = { ...record, body: read(message.body) }
    return matchers.some((matches) => matches(event))
  }
}

// A pattern for a JSON body drops plain text, and one for plain text drops JSON. Source: "Properly filtering SQS messages".
function read(body: string): unknown {
  if (!/^\s*[[{]/.test(body)) return body
  try {
    return JSON.parse(body)
  } catch {
    return body
  }
}
