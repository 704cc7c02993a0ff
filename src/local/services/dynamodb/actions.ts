// The actions by their names on the wire.
import type { Action } from './action.ts'
import { describeContinuousBackups, updateContinuousBackups } from './actions/continuous-backups.ts'
import { createTable } from './actions/create-table.ts'
import { deleteTable } from './actions/delete-table.ts'
import {
  describeContributorInsights,
  describeEndpoints,
  describeKinesisStreamingDestination,
  describeLimits,
  describeTable,
  describeTableReplicaAutoScaling,
  getResourcePolicy,
  listBackups,
  listTables,
} from './actions/describe-tables.ts'
import { listTagsOfResource, tagResource, untagResource } from './actions/tag-resource.ts'
import { describeTimeToLive, updateTimeToLive } from './actions/time-to-live.ts'
import { updateTable } from './actions/update-table.ts'

export const actions: ReadonlyMap<string, Action> = new Map<string, Action>([
  ['CreateTable', createTable],
  ['DeleteTable', deleteTable],
  ['DescribeContinuousBackups', describeContinuousBackups],
  ['DescribeContributorInsights', describeContributorInsights],
  ['DescribeEndpoints', describeEndpoints],
  ['DescribeKinesisStreamingDestination', describeKinesisStreamingDestination],
  ['DescribeLimits', describeLimits],
  ['DescribeTable', describeTable],
  ['DescribeTableReplicaAutoScaling', describeTableReplicaAutoScaling],
  ['DescribeTimeToLive', describeTimeToLive],
  ['GetResourcePolicy', getResourcePolicy],
  ['ListBackups', listBackups],
  ['ListTables', listTables],
  ['ListTagsOfResource', listTagsOfResource],
  ['TagResource', tagResource],
  ['UntagResource', untagResource],
  ['UpdateContinuousBackups', updateContinuousBackups],
  ['UpdateTable', updateTable],
  ['UpdateTimeToLive', updateTimeToLive],
])
