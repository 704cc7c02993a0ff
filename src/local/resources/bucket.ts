// A bucket of the app, made in S3, with the functions it tells of changes.
import type { BucketModel } from '../../model/index.ts'
import { functionArn } from '../environment.ts'
import type { BucketNotification, Hub } from '../hub.ts'

export const makeBucket = (made: BucketModel, hub: Hub): Promise<unknown> => {
  const { versioned, cors, lifecycle } = made
  return hub.buckets.ensureBucket(made.physicalName, {
    versioned,
    cors,
    lifecycle,
    notifications: toNotifications(made, hub),
  })
}

function toNotifications({ name }: BucketModel, { model }: Hub): BucketNotification[] {
  return model.triggers.flatMap((trigger): BucketNotification[] => {
    if (trigger.kind !== 'bucket' || trigger.bucket !== name) return []
    const woken = model.functions.find((made) => made.name === trigger.function)
    if (woken === undefined) return []
    const { events, prefix, suffix } = trigger
    return [{ id: trigger.function, to: functionArn(woken), events, prefix, suffix }]
  })
}
