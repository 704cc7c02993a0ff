// The client behind `bus.emit`: EventBridge's JSON protocol.
import { toBatches } from './batches.ts'
import type { EmitOptions } from './bus.ts'
import { callJson } from './call.ts'
import { checked, written } from './message.ts'
import { endpoint } from './place.ts'
import type { Schema } from './schema.ts'

interface Event extends EmitOptions {
  readonly type: string
  readonly detail: unknown
}

// EventBridge takes 1 MiB a call, counting source, type, detail and resources; the rest is room for the request itself.
const BATCH_BYTES = 1_000_000

/** Emits events, ten a call. Throws after the last call when some were refused, naming them. */
export async function emitBatch(
  arn: string,
  events: readonly Event[],
  schemas: Readonly<Record<string, Schema>> = {},
): Promise<{ eventIds: string[] }> {
  for (const { type, detail } of events) await checked(Object.hasOwn(schemas, type) ? schemas[type] : undefined, detail)
  const eventIds: string[] = []
  const refused: string[] = []
  const entries = events.map((event) => toEntry(arn, event))
  for (const batch of toBatches(entries, BATCH_BYTES, ({ Detail }) => Buffer.byteLength(Detail))) {
    const { Entries } = await callJson(
      'events',
      endpoint('events'),
      'AWSEvents.PutEvents',
      { Entries: batch.map(({ entry }) => entry) },
      '1.1',
    )
    const answers: Readonly<Record<string, unknown>>[] = Array.isArray(Entries) ? Entries : []
    batch.forEach(({ id }, index) => {
      const { EventId, ErrorCode, ErrorMessage } = answers[index] ?? {}
      if (ErrorCode === undefined) eventIds[Number(id)] = String(EventId)
      else refused.push(`event ${id}: ${ErrorCode} ${ErrorMessage ?? ''}`.trim())
    })
  }
  if (refused.length > 0)
    throw new Error(`${refused.length} of ${events.length} events were refused: ${refused.join('; ')}`)
  return { eventIds }
}

const toEntry = (arn: string, { type, detail, source, resources, time }: Event) => ({
  EventBusName: arn,
  Source: source,
  DetailType: type,
  Detail: written(detail),
  ...(resources === undefined ? {} : { Resources: resources }),
  // Seconds, as the protocol has times.
  ...(time === undefined ? {} : { Time: time.getTime() / 1000 }),
})
