// The actions by their names on the wire.
import type { Action } from './action.ts'
import { batchExecuteStatement } from './actions/batch-execute-statement.ts'
import { batchGetItem } from './actions/batch-get-item.ts'
import { batchWriteItem } from './actions/batch-write-item.ts'
import { describeContinuousBackups, updateContinuousBackups } from './actions/continuous-backups.ts'
import { createTable } from './actions/create-table.ts'
import { deleteItem } from './actions/delete-item.ts'
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
import { executeStatement } from './actions/execute-statement.ts'
import { executeTransaction } from './actions/execute-transaction.ts'
import { getItem } from './actions/get-item.ts'
import { putItem } from './actions/put-item.ts'
import { query } from './actions/query.ts'
import { scan } from './actions/scan.ts'
import { listTagsOfResource, tagResource, untagResource } from './actions/tag-resource.ts'
import { describeTimeToLive, updateTimeToLive } from './actions/time-to-live.ts'
import { transactGetItems } from './actions/transact-get-items.ts'
import { transactWriteItems } from './actions/transact-write-items.ts'
import { updateItem } from './actions/update-item.ts'
import { updateTable } from './actions/update-table.ts'

export const actions: ReadonlyMap<string, Action> = new Map<string, Action>([
  ['BatchExecuteStatement', batchExecuteStatement],
  ['BatchGetItem', batchGetItem],
  ['BatchWriteItem', batchWriteItem],
  ['CreateTable', createTable],
  ['DeleteItem', deleteItem],
  ['DeleteTable', deleteTable],
  ['DescribeContinuousBackups', describeContinuousBackups],
  ['DescribeContributorInsights', describeContributorInsights],
  ['DescribeEndpoints', describeEndpoints],
  ['DescribeKinesisStreamingDestination', describeKinesisStreamingDestination],
  ['DescribeLimits', describeLimits],
  ['DescribeTable', describeTable],
  ['DescribeTableReplicaAutoScaling', describeTableReplicaAutoScaling],
  ['DescribeTimeToLive', describeTimeToLive],
  ['ExecuteStatement', executeStatement],
  ['ExecuteTransaction', executeTransaction],
  ['GetItem', getItem],
  ['GetResourcePolicy', getResourcePolicy],
  ['ListBackups', listBackups],
  ['ListTables', listTables],
  ['ListTagsOfResource', listTagsOfResource],
  ['PutItem', putItem],
  ['Query', query],
  ['Scan', scan],
  ['TagResource', tagResource],
  ['TransactGetItems', transactGetItems],
  ['TransactWriteItems', transactWriteItems],
  ['UntagResource', untagResource],
  ['UpdateContinuousBackups', updateContinuousBackups],
  ['UpdateItem', updateItem],
  ['UpdateTable', updateTable],
  ['UpdateTimeToLive', updateTimeToLive],
])
