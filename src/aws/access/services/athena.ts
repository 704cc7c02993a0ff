// Athena and Glue: a query works in a workgroup, reads the catalogue, and writes its result to S3 as the caller.
// The data itself is the caller's to grant: the statement does not say in which buckets its tables lie.
// Source: https://docs.aws.amazon.com/athena/latest/ug/managed-policies.html, https://docs.aws.amazon.com/athena/latest/ug/s3-permissions.html and
// https://docs.aws.amazon.com/glue/latest/dg/glue-specifying-resource-arns.html
import type { Need } from '../need.ts'
import { arnOf, isArn, need, type Resource, type Rule, type Service } from '../resource.ts'
import { at, type Input, isNamed, member, orUntold, said, type Text, texts } from '../text.ts'

const PRIMARY: readonly Text[] = [{ pattern: 'primary', told: true }]

function toWorkgroups(input: Input): readonly Resource[] {
  // A query's id says nothing of its workgroup.
  return orUntold(said(input.value, 'WorkGroup', 'WorkGroupName')).map(({ pattern, told }) => ({
    arn: arnOf(input.place, 'athena', `workgroup/${pattern}`),
    exact: told,
  }))
}

/** Who starts a query reads its result in the same place. */
function result({ value, place }: Input): Need[] {
  if (!isNamed(value, 'ResultConfiguration')) return []
  const places = member(value, 'ResultConfiguration').flatMap((one) => said(one, 'OutputLocation'))
  return places.flatMap(({ pattern, told }) => {
    const [bucket = '*', ...path] = pattern.replace(/^s3:\/\//, '').split('/')
    const arn = `arn:${place.partition}:s3:::${bucket}`
    const objects = [{ arn: `${arn}/${path.join('/').replace(/\*$/, '')}*`, exact: told }]
    const itself = [{ arn, exact: told }]
    return [
      ...['GetBucketLocation', 'ListBucket', 'ListBucketMultipartUploads'].map((action) =>
        need(`s3:${action}`, itself),
      ),
      ...['GetObject', 'PutObject', 'AbortMultipartUpload', 'ListMultipartUploadParts'].map((action) =>
        need(`s3:${action}`, objects),
      ),
    ]
  })
}

const query: Rule = (input) => {
  const workgroups = isNamed(input.value, 'WorkGroup') ? texts(at(input.value, 'WorkGroup')) : PRIMARY
  const groups = workgroups.map(({ pattern, told }) => ({
    arn: arnOf(input.place, 'athena', `workgroup/${pattern}`),
    exact: told,
  }))
  const databases = texts(at(input.value, 'QueryExecutionContext', 'Database'))
  const names = (databases.length === 0 ? ['*'] : databases.map(({ pattern }) => pattern)).flatMap((name) => [
    `database/${name}`,
    `table/${name}/*`,
  ])
  // The tables are in the statement, which is not read: of the catalogue, no more than its descriptions is asked for.
  const catalog = ['catalog', ...names].map((rest) => ({ arn: arnOf(input.place, 'glue', rest), exact: true }))
  return [
    need('athena:StartQueryExecution', groups),
    ...['GetDatabase', 'GetTable', 'GetPartitions'].map((action) => need(`glue:${action}`, catalog)),
    ...result(input),
  ]
}

export const athena: Service = {
  finders: { workgroup: toWorkgroups },
  aliases: { DataCatalogName: ['CatalogName', 'Name'] },
  rules: { StartQueryExecution: query },
}

/** What is in the catalogue is asked for with all that it lies in. */
function inCatalog(input: Input, type: string, own: readonly string[], within: readonly string[]): readonly Resource[] {
  // The first that tells one: a Name is the table's where the database has a member of its own.
  const find = (names: readonly string[]): readonly Text[] =>
    names
      .map((name) => {
        const [first = '', second] = name.split('.')
        if (second === undefined) return said(input.value, first)
        return member(input.value, first).flatMap((one) => said(one, second))
      })
      .find((each) => each.length > 0) ?? []
  const inner = orUntold(find(own))
  const outer = within.length === 0 ? [{ pattern: '', told: true }] : orUntold(find(within))
  return outer.flatMap((one) =>
    inner.map(({ pattern, told }) => ({
      arn: isArn(pattern)
        ? pattern
        : arnOf(input.place, 'glue', `${type}/${within.length === 0 ? '' : `${one.pattern}/`}${pattern}`),
      exact: told || (within.length > 0 && one.told),
    })),
  )
}

export const glue: Service = {
  aliases: { ConnectionName: ['Name', 'ConnectionNameList'], TableName: ['Name'] },
  finders: {
    catalog: () => [],
    rootcatalog: (input) => [{ arn: arnOf(input.place, 'glue', 'catalog'), exact: true }],
    database: (input) => inCatalog(input, 'database', ['DatabaseName', 'DatabaseInput.Name', 'Name'], []),
    table: (input) => inCatalog(input, 'table', ['TableName', 'TableInput.Name', 'Name'], ['DatabaseName']),
    job: (input) =>
      said(input.value, 'JobName', 'Name', 'JobNames').map(({ pattern, told }) => ({
        arn: arnOf(input.place, 'glue', `job/${pattern}`),
        exact: told,
      })),
  },
}
