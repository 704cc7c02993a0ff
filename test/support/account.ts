// All that one account of MiniStack has, as lines that can be compared: names that CloudFormation makes up are left out.
import { CloudFormation } from '@aws-sdk/client-cloudformation'
import { CloudWatchLogs } from '@aws-sdk/client-cloudwatch-logs'
import { IAM } from '@aws-sdk/client-iam'
import { Lambda } from '@aws-sdk/client-lambda'
import { S3 } from '@aws-sdk/client-s3'
import { SQS } from '@aws-sdk/client-sqs'

/** MiniStack takes the access key for the account. */
export async function readAccount(endpoint: string, account: string): Promise<string[]> {
  const credentials = { accessKeyId: account, secretAccessKey: 'test' }
  const given = { endpoint, region: 'us-east-1', credentials }
  const lines = await Promise.all([
    functionsOf(new Lambda(given)),
    stacksOf(new CloudFormation(given)),
    objectsOf(new S3({ ...given, forcePathStyle: true })),
    restOf(new IAM(given), new SQS(given), new CloudWatchLogs(given)),
  ])
  return lines
    .flat()
    .map((line) => line.replaceAll(account, '<account>'))
    .sort()
}

async function functionsOf(lambda: Lambda): Promise<string[]> {
  const { Functions = [] } = await lambda.listFunctions({})
  return Promise.all(
    Functions.map(async ({ FunctionName = '', CodeSha256, Environment, MemorySize }) => {
      const { Versions = [] } = await lambda.listVersionsByFunction({ FunctionName })
      const { Aliases = [] } = await lambda.listAliases({ FunctionName })
      const live = Aliases.map((one) => `${one.Name}=${one.FunctionVersion}`).join()
      const versions = Versions.map((one) => `${one.Version}:${one.CodeSha256?.slice(0, 6)}`).join()
      return `function ${FunctionName} ${CodeSha256} ${MemorySize} ${JSON.stringify(Environment)} ${versions} ${live}`
    }),
  )
}

async function stacksOf(cloudformation: CloudFormation): Promise<string[]> {
  const { Stacks = [] } = await cloudformation.describeStacks({})
  return Promise.all(
    Stacks.map(async ({ StackName = '', StackStatus = '' }) => {
      const { StackResourceSummaries = [] } = await cloudformation.listStackResources({ StackName })
      const { Summaries = [] } = await cloudformation.listChangeSets({ StackName })
      const waiting = Summaries.filter((one) => one.ExecutionStatus === 'AVAILABLE').length
      const resources = StackResourceSummaries.map((one) => one.LogicalResourceId).sort()
      const state = StackStatus.replace(/^(CREATE|UPDATE)_/, '')
      return `stack ${StackName} ${state} ${resources.join()} ${waiting} change sets waiting`
    }),
  )
}

async function objectsOf(s3: S3): Promise<string[]> {
  const { Buckets = [] } = await s3.listBuckets({})
  const lines = await Promise.all(
    Buckets.map(async ({ Name = '' }) => {
      const { Contents = [] } = await s3.listObjectsV2({ Bucket: Name })
      return Contents.map(({ Key }) => `object ${Name}/${Key}`).concat(`bucket ${Name}`)
    }),
  )
  return lines.flat()
}

async function restOf(iam: IAM, sqs: SQS, logs: CloudWatchLogs): Promise<string[]> {
  const [{ Roles = [] }, { QueueUrls = [] }, { logGroups = [] }] = await Promise.all([
    iam.listRoles({}),
    sqs.listQueues({}),
    logs.describeLogGroups({}),
  ])
  return [
    ...Roles.map(({ RoleName }) => `role ${RoleName?.replace(/-[0-9A-Z]+$/, '')}`),
    ...QueueUrls.map((url) => `queue ${url.split('/').at(-1)}`),
    ...logGroups.map((one) => `log ${one.logGroupName} ${one.retentionInDays}`),
  ]
}
