// Every action Kinesis answers to, by its name.
import { deregisterConsumer, describeConsumer, listConsumers, registerConsumer } from './consumers.ts'
import { notHere } from './problems.ts'
import { putRecord, putRecords } from './put.ts'
import { getRecords, getShardIterator } from './read.ts'
import { decreaseRetention, increaseRetention } from './retention.ts'
import {
  deletePolicy,
  describeLimits,
  disableMonitoring,
  enableMonitoring,
  getPolicy,
  putPolicy,
  startEncryption,
  stopEncryption,
  updateMaxRecordSize,
  updateWarmThroughput,
} from './settings.ts'
import { listShards, mergeShards, splitShard, updateShardCount } from './shards.ts'
import type { Action } from './state.ts'
import {
  createStream,
  deleteStream,
  describeStream,
  describeStreamSummary,
  listStreams,
  updateStreamMode,
} from './streams.ts'
import { addTags, listResourceTags, listTags, removeTags, tagResource, untagResource } from './tags.ts'

export const actions: ReadonlyMap<string, Action> = new Map<string, Action>([
  ['AddTagsToStream', addTags],
  ['CreateStream', createStream],
  ['DecreaseStreamRetentionPeriod', decreaseRetention],
  ['DeleteResourcePolicy', deletePolicy],
  ['DeleteStream', deleteStream],
  ['DeregisterStreamConsumer', deregisterConsumer],
  ['DescribeLimits', describeLimits],
  ['DescribeStream', describeStream],
  ['DescribeStreamConsumer', describeConsumer],
  ['DescribeStreamSummary', describeStreamSummary],
  ['DisableEnhancedMonitoring', disableMonitoring],
  ['EnableEnhancedMonitoring', enableMonitoring],
  ['GetRecords', getRecords],
  ['GetResourcePolicy', getPolicy],
  ['GetShardIterator', getShardIterator],
  ['IncreaseStreamRetentionPeriod', increaseRetention],
  ['ListShards', listShards],
  ['ListStreamConsumers', listConsumers],
  ['ListStreams', listStreams],
  ['ListTagsForResource', listResourceTags],
  ['ListTagsForStream', listTags],
  ['MergeShards', mergeShards],
  ['PutRecord', putRecord],
  ['PutRecords', putRecords],
  ['PutResourcePolicy', putPolicy],
  ['RegisterStreamConsumer', registerConsumer],
  ['RemoveTagsFromStream', removeTags],
  ['SplitShard', splitShard],
  ['StartStreamEncryption', startEncryption],
  ['StopStreamEncryption', stopEncryption],
  [
    'SubscribeToShard',
    () => {
      throw notHere('push records to consumers (SubscribeToShard): read them with GetShardIterator and GetRecords')
    },
  ],
  ['TagResource', tagResource],
  ['UntagResource', untagResource],
  ['UpdateMaxRecordSize', updateMaxRecordSize],
  ['UpdateShardCount', updateShardCount],
  ['UpdateStreamMode', updateStreamMode],
  ['UpdateStreamWarmThroughput', updateWarmThroughput],
])
