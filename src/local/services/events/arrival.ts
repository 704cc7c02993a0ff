// An event that another service sends to a bus: S3, a function's destination, a rule of another bus.
import { randomUUID } from 'node:crypto'
import { toBusEventText } from '../../../aws/events/bus.ts'
import { isObject } from '../../../aws/protocol/json.ts'
import { ACCOUNT, type Delivery, REGION } from '../../service.ts'
import { commitAll, postsFor } from './dispatch.ts'
import { parsedObject } from './matching.ts'
import { invalid } from './problems.ts'
import { busName, type Room } from './state.ts'

/** Takes an event whose body is JSON with a source, a detail-type and a detail; what else it lacks is added. */
export async function take(room: Room, { to, from, body }: Delivery): Promise<void> {
  const given = parsedObject(body)
  if (given === undefined || typeof given.source !== 'string' || typeof given['detail-type'] !== 'string')
    throw invalid('An event needs a source, a detail-type and a detail.')
  const ingested = room.clock.now()
  const stated = typeof given.time === 'string' ? Date.parse(given.time) : Number.NaN
  const time = Number.isNaN(stated) ? ingested : stated
  const text =
    typeof given.id === 'string' && typeof given.region === 'string'
      ? body
      : toBusEventText({
          id: randomUUID(),
          type: given['detail-type'],
          source: given.source,
          account: ACCOUNT,
          region: REGION,
          time,
          resources: Array.isArray(given.resources) ? given.resources.filter((one) => typeof one === 'string') : [],
          detail: JSON.stringify(isObject(given.detail) ? given.detail : {}),
        })
  const forwarded = from.split(':')[2] === 'events'
  await commitAll(room, postsFor(room, { bus: busName(to), text, ingested, time, forwarded }))
}
