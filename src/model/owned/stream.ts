// What Lambda does as the function when it reads a stream for it.
import type { StreamTriggerModel } from '../model.ts'
import { destination } from './destination.ts'
import { type Need, need, type Owning } from './grant.ts'

// Source: "Process Kinesis Data Streams records", the role AWSLambdaKinesisExecutionRole, without what only enhanced
// fan-out (SubscribeToShard) and consoles (ListStreams) call.
const ACTIONS = [
  'kinesis:DescribeStream',
  'kinesis:DescribeStreamSummary',
  'kinesis:GetRecords',
  'kinesis:GetShardIterator',
  'kinesis:ListShards',
]

export const stream = ({ stream: name, onFailure, where }: StreamTriggerModel, app: Owning): Need[] => [
  ...need(where, `reading the stream ${name}`, ACTIONS, app.arnOf('stream', name)),
  ...destination(onFailure, where, app),
]
