// Databases that are asked over HTTP: the RDS Data API reads a secret, Redshift's takes credentials, Timestream looks for its endpoint.
// Source: https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/data-api.access.html,
// https://docs.aws.amazon.com/redshift/latest/mgmt/data-api-access.html and
// https://docs.aws.amazon.com/timestream/latest/developerguide/security_iam_id-based-policy-examples.html
import type { Need } from '../need.ts'
import { arnOf, EVERYTHING, need, type Rule, type Service } from '../resource.ts'
import { at, type Input, isNamed, named, orUntold, texts } from '../text.ts'
import { toSecret } from './secretsmanager.ts'

const secret =
  (member: string): Rule =>
  (input) =>
    isNamed(input.value, member)
      ? [
          need(
            'secretsmanager:GetSecretValue',
            named(input, member).map((text) => toSecret(input, text)),
          ),
        ]
      : []

const all = (names: readonly string[], rule: Rule): Record<string, Rule> =>
  Object.fromEntries(names.map((name) => [name, rule]))

export const rdsData: Service = {
  aliases: { DbClusterInstanceName: ['resourceArn', 'dbClusterOrInstanceArn'] },
  besides: {
    ...all(
      ['BatchExecuteStatement', 'BeginTransaction', 'CommitTransaction', 'ExecuteStatement', 'RollbackTransaction'],
      secret('secretArn'),
    ),
    ExecuteSql: secret('awsSecretStoreArn'),
  },
}

/** Without a secret, whoever asks gets credentials of their own: as a user of the database, or as themselves. */
const redshiftLogin: Rule = (input) => {
  if (isNamed(input.value, 'SecretArn')) return secret('SecretArn')(input)
  if (isNamed(input.value, 'WorkgroupName'))
    return [
      need('redshift-serverless:GetCredentials', [
        { arn: arnOf(input.place, 'redshift-serverless', 'workgroup/*'), exact: true },
      ]),
    ]
  return isNamed(input.value, 'ClusterIdentifier') ? clusterLogin(input) : []
}

function clusterLogin(input: Input): Need[] {
  const join = (type: string, member: string) =>
    named(input, 'ClusterIdentifier').flatMap((cluster) =>
      orUntold(texts(at(input.value, member))).map(({ pattern }) => ({
        arn: arnOf(input.place, 'redshift', `${type}:${cluster.pattern}/${pattern}`),
        exact: cluster.told,
      })),
    )
  if (isNamed(input.value, 'DbUser'))
    return [need('redshift:GetClusterCredentials', [...join('dbuser', 'DbUser'), ...join('dbname', 'Database')])]
  return [need('redshift:GetClusterCredentialsWithIAM', join('dbname', 'Database'))]
}

export const redshiftData: Service = {
  renamed: { GetStatementResultV2: 'GetStatementResult' },
  besides: all(
    ['BatchExecuteStatement', 'DescribeTable', 'ExecuteStatement', 'ListDatabases', 'ListSchemas', 'ListTables'],
    redshiftLogin,
  ),
}

const endpoints: Rule = () => [need('timestream:DescribeEndpoints', [EVERYTHING])]

export const timestreamWrite: Service = {
  besides: all(
    [
      ...[
        'CreateBatchLoadTask',
        'CreateDatabase',
        'CreateTable',
        'DeleteDatabase',
        'DeleteTable',
        'DescribeBatchLoadTask',
      ],
      ...[
        'DescribeDatabase',
        'DescribeTable',
        'ListBatchLoadTasks',
        'ListDatabases',
        'ListTables',
        'ListTagsForResource',
      ],
      ...['ResumeBatchLoadTask', 'TagResource', 'UntagResource', 'UpdateDatabase', 'UpdateTable', 'WriteRecords'],
    ],
    endpoints,
  ),
}

/** `FROM "database"."table"`; a query may read more than one. */
const query: Rule = (input) => {
  const tables = texts(at(input.value, 'QueryString')).flatMap(({ pattern }) =>
    [...pattern.matchAll(/\b(?:FROM|JOIN)\s+"?([\w.*-]+?)"?\."?([\w.*-]+?)"?(?=[\s,;)]|$)/gi)].map(
      ([, database, table]) => `database/${database}/table/${table}`,
    ),
  )
  const found = tables.map((path) => ({ arn: arnOf(input.place, 'timestream', path), exact: true }))
  const anyone = { arn: arnOf(input.place, 'timestream', 'database/*/table/*'), exact: false }
  return [need('timestream:Select', found.length === 0 ? [anyone] : found), ...endpoints(input)]
}

export const timestreamQuery: Service = {
  rules: { Query: query },
  besides: all(
    ['CancelQuery', 'PrepareQuery', 'CreateScheduledQuery', 'ExecuteScheduledQuery', 'ListScheduledQueries'],
    endpoints,
  ),
}

/** Keyspaces' tables are made and changed by verbs of their own. Source: the Service Authorization Reference. */
export const keyspaces: Service = {
  renamed: {
    CreateKeyspace: 'Create',
    CreateTable: 'Create',
    CreateType: 'Create',
    DeleteKeyspace: 'Drop',
    DeleteTable: 'Drop',
    DeleteType: 'Drop',
    GetKeyspace: 'Select',
    GetTable: 'Select',
    GetTableAutoScalingSettings: 'Select',
    GetType: 'Select',
    ListKeyspaces: 'Select',
    ListTables: 'Select',
    ListTagsForResource: 'Select',
    ListTypes: 'Select',
    RestoreTable: 'Restore',
    UpdateKeyspace: 'Alter',
    UpdateTable: 'Alter',
  },
}
