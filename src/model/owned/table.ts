// What Lambda does as the function when it reads a table's stream for it.
import type { TableTriggerModel } from '../model.ts'
import { destination } from './destination.ts'
import { type Need, need, type Owning } from './grant.ts'

// Source: "Process DynamoDB records with Lambda", the role AWSLambdaDynamoDBExecutionRole; ListStreams knows no resources.
export function table({ table: name, onFailure, where }: TableTriggerModel, app: Owning): Need[] {
  const arn = app.arnOf('table', name)
  const why = `reading the changes of the table ${name}`
  const stream = arn === undefined ? undefined : `${arn}/stream/*`
  return [
    ...need(where, why, ['dynamodb:DescribeStream', 'dynamodb:GetRecords', 'dynamodb:GetShardIterator'], stream),
    ...need(where, why, ['dynamodb:ListStreams'], '*'),
    ...destination(onFailure, where, app),
  ]
}
