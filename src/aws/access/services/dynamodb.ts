// DynamoDB: transactions and batches by their members, statements by their verb, queries by their index.
// Source: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/api-permissions-reference.html and
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis.html#transaction-apis-iam
import type { Need } from '../need.ts'
import { arnOf, byName, isArn, need, type Resource, type Rule, type Service } from '../resource.ts'
import { at, type Input, isLeftOut, items, member, named, names, orUntold, said, type Text, texts } from '../text.ts'
import type { Value } from '../value.ts'
import { type Statement, toStatements } from './partiql.ts'

function toTables(input: Input, given: readonly Text[] = named(input, 'TableName')): readonly Resource[] {
  return byName(input, 'dynamodb', 'table/', given)
}

function toIndexes(tables: readonly Resource[], indexes: readonly Text[]): readonly Resource[] {
  return tables.flatMap(({ arn, exact }) => indexes.map(({ pattern }) => ({ arn: `${arn}/index/${pattern}`, exact })))
}

/** The table or, with IndexName, only the index. An input that is not known whole may well name one. */
const reading =
  (action: string): Rule =>
  (input) => {
    const tables = toTables(input)
    const given = at(input.value, 'IndexName')
    const indexes = toIndexes(tables, texts(given))
    const sure = given.every(
      (one) => one.kind === 'text' || (one.kind === 'known' && one.value !== undefined && one.value !== null),
    )
    return [need(`dynamodb:${action}`, sure ? indexes : [...tables, ...indexes])]
  }

// Those that name their table in one way only; they are most of what functions call.
const ON_TABLE = ['DeleteItem', 'DescribeTable', 'GetItem', 'PutItem', 'UpdateItem']

const onTable =
  (action: string): Rule =>
  (input) => [need(`dynamodb:${action}`, toTables(input))]

const MEMBERS: Readonly<Record<string, string>> = {
  Put: 'PutItem',
  Update: 'UpdateItem',
  Delete: 'DeleteItem',
  ConditionCheck: 'ConditionCheckItem',
  Get: 'GetItem',
}

/** Each member is allowed for itself. One that is not known may be any of them, on any table. */
const transaction =
  (kinds: readonly string[]): Rule =>
  (input) =>
    items(at(input.value, 'TransactItems')).flatMap((item) =>
      kinds
        .filter((kind) => !isLeftOut(item, kind))
        .map((kind) =>
          need(`dynamodb:${MEMBERS[kind]}`, toTables(input, orUntold(texts(at(item, kind, 'TableName'))))),
        ),
    )

/** The tables are the names of RequestItems' members. */
const batch =
  (action: string): Rule =>
  (input) => [need(`dynamodb:${action}`, toTables(input, orUntold(names(at(input.value, 'RequestItems')))))]

const VERBS: Readonly<Record<Statement['verb'], string>> = {
  select: 'PartiQLSelect',
  insert: 'PartiQLInsert',
  update: 'PartiQLUpdate',
  delete: 'PartiQLDelete',
}

function ofStatements(input: Input, statements: readonly Value[]): Need[] {
  return orUntold(texts(statements))
    .flatMap(toStatements)
    .map(({ verb, table, index }) => {
      const tables = toTables(input, [table])
      return need(`dynamodb:${VERBS[verb]}`, index === undefined ? tables : toIndexes(tables, [index]))
    })
}

const statements =
  (list: string): Rule =>
  (input) =>
    ofStatements(
      input,
      items(at(input.value, list)).flatMap((one) => member(one, 'Statement')),
    )

/** What is named by its ARN only: a stream, a backup, an export. */
const byArn =
  (members: readonly string[], rest: string) =>
  (input: Input): readonly Resource[] => {
    const given = members
      .flatMap((name) => texts(at(input.value, name)))
      .filter(({ pattern, told }) => !told || isArn(pattern))
    return given.length > 0
      ? given.map(({ pattern, told }) => ({ arn: told ? pattern : arnOf(input.place, 'dynamodb', rest), exact: told }))
      : []
  }

/** A table by name, or by the ARN of it or of what is its own. */
function tableOf(input: Input): readonly Resource[] {
  const given = said(
    input.value,
    'TableName',
    'TableArn',
    'SourceTableName',
    'SourceTableArn',
    'TargetTableName',
    'ResourceArn',
  ).filter(({ pattern }) => !/:table\/[^/]*\/(stream|backup|export|import|index)\//.test(pattern))
  const nested = member(input.value, 'TableCreationParameters').flatMap((one) => said(one, 'TableName'))
  return toTables(input, orUntold([...given, ...nested]))
}

/** Source: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/S3DataExport_Requesting.html (Setting up permissions). */
const exporting: Rule = (input) => {
  const buckets = orUntold(said(input.value, 'S3Bucket')).map(({ pattern, told }) => ({
    arn: `arn:${input.place.partition}:s3:::${pattern}/*`,
    exact: told,
  }))
  return ['AbortMultipartUpload', 'PutObject', 'PutObjectAcl'].map((action) => need(`s3:${action}`, buckets))
}

export const dynamodb: Service = {
  finders: {
    table: tableOf,
    index: (input) => toIndexes(toTables(input), said(input.value, 'IndexName')),
    stream: byArn(['StreamArn', 'ResourceArn'], 'table/*/stream/*'),
    backup: byArn(['BackupArn'], 'table/*/backup/*'),
    export: byArn(['ExportArn'], 'table/*/export/*'),
    import: byArn(['ImportArn'], 'table/*/import/*'),
  },
  besides: { ExportTableToPointInTime: exporting },
  rules: {
    ...Object.fromEntries(ON_TABLE.map((name) => [name, onTable(name)])),
    BatchExecuteStatement: statements('Statements'),
    BatchGetItem: batch('BatchGetItem'),
    BatchWriteItem: batch('BatchWriteItem'),
    ExecuteStatement: (input) => ofStatements(input, at(input.value, 'Statement')),
    ExecuteTransaction: statements('TransactStatements'),
    Query: reading('Query'),
    Scan: reading('Scan'),
    TransactGetItems: transaction(['Get']),
    TransactWriteItems: transaction(['Put', 'Update', 'Delete', 'ConditionCheck']),
    // The stream of a tag's ARN is no table's: the table of actions lists both as if each were needed.
    GetResourcePolicy: ofResource('GetResourcePolicy'),
    PutResourcePolicy: ofResource('PutResourcePolicy'),
    DeleteResourcePolicy: ofResource('DeleteResourcePolicy'),
    TagResource: ofResource('TagResource'),
    UntagResource: ofResource('UntagResource'),
    ListTagsOfResource: ofResource('ListTagsOfResource'),
  },
}

function ofResource(action: string): Rule {
  return (input) => [need(`dynamodb:${action}`, toTables(input, named(input, 'ResourceArn')))]
}
