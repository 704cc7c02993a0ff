// A stream of the app, made in Kinesis.
import type { StreamModel } from '../../model/index.ts'
import type { Hub } from '../hub.ts'

export const makeStream = ({ physicalName, shards, retention }: StreamModel, { streams }: Hub): Promise<unknown> =>
  streams.ensureStream(physicalName, { shards, retention: retention / 3600 })
