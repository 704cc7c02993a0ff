// How the SDK names things: commands, clients, paginators and waiters, each to its operation.

/** The operation of lib-dynamodb's word for it. */
const DOCUMENT: Readonly<Record<string, string>> = {
  Get: 'GetItem',
  Put: 'PutItem',
  Update: 'UpdateItem',
  Delete: 'DeleteItem',
  Query: 'Query',
  Scan: 'Scan',
  BatchGet: 'BatchGetItem',
  BatchWrite: 'BatchWriteItem',
  TransactGet: 'TransactGetItems',
  TransactWrite: 'TransactWriteItems',
  ExecuteStatement: 'ExecuteStatement',
  ExecuteTransaction: 'ExecuteTransaction',
  BatchExecuteStatement: 'BatchExecuteStatement',
}

export const documentOperation = (word: string): string | undefined =>
  Object.hasOwn(DOCUMENT, word) ? DOCUMENT[word] : undefined

export const capitalise = (word: string): string => word.slice(0, 1).toUpperCase() + word.slice(1)

/** `s3` of `@aws-sdk/client-s3`; undefined for what is no client's package. */
export const serviceOf = (specifier: string): string | undefined => /^@aws-sdk\/client-([^/]+)/.exec(specifier)?.[1]

/** Whether an export of a client's package is the client with a method for each operation: `S3`, `DynamoDB`. */
export const isAggregated = (name: string, service: string): boolean =>
  name.toLowerCase() === service.replaceAll('-', '')

// Which operation a waiter asks again and again. Source: the `waiters` folders of the clients.
const WAITERS: Readonly<Record<string, string>> = {
  BucketExists: 'HeadBucket',
  BucketNotExists: 'HeadBucket',
  ObjectExists: 'HeadObject',
  ObjectNotExists: 'HeadObject',
  TableExists: 'DescribeTable',
  TableNotExists: 'DescribeTable',
  ContributorInsightsEnabled: 'DescribeContributorInsights',
  KinesisStreamingDestinationActive: 'DescribeKinesisStreamingDestination',
  ExportCompleted: 'DescribeExport',
  ImportCompleted: 'DescribeImport',
  FunctionActive: 'GetFunctionConfiguration',
  FunctionActiveV2: 'GetFunction',
  FunctionExists: 'GetFunction',
  FunctionUpdated: 'GetFunctionConfiguration',
  FunctionUpdatedV2: 'GetFunction',
  PublishedVersionActive: 'GetFunctionConfiguration',
  StreamExists: 'DescribeStream',
  StreamNotExists: 'DescribeStream',
  CommandExecuted: 'GetCommandInvocation',
  TasksRunning: 'DescribeTasks',
  TasksStopped: 'DescribeTasks',
  ServicesStable: 'DescribeServices',
  ServicesInactive: 'DescribeServices',
  InstanceExists: 'DescribeInstances',
  InstanceRunning: 'DescribeInstances',
  InstanceStopped: 'DescribeInstances',
  InstanceTerminated: 'DescribeInstances',
  InstanceStatusOk: 'DescribeInstanceStatus',
  ImageAvailable: 'DescribeImages',
  SnapshotCompleted: 'DescribeSnapshots',
  VolumeAvailable: 'DescribeVolumes',
  StackCreateComplete: 'DescribeStacks',
  StackUpdateComplete: 'DescribeStacks',
  StackDeleteComplete: 'DescribeStacks',
  StackExists: 'DescribeStacks',
  StackImportComplete: 'DescribeStacks',
  StackRollbackComplete: 'DescribeStacks',
  ChangeSetCreateComplete: 'DescribeChangeSet',
  DBInstanceAvailable: 'DescribeDBInstances',
  DBInstanceDeleted: 'DescribeDBInstances',
  DBClusterAvailable: 'DescribeDBClusters',
  DistributionDeployed: 'GetDistribution',
  InvalidationCompleted: 'GetInvalidation',
  StreamingDistributionDeployed: 'GetStreamingDistribution',
  CertificateValidated: 'DescribeCertificate',
  AlarmExists: 'DescribeAlarms',
  CompositeAlarmExists: 'DescribeAlarms',
  ClusterActive: 'DescribeCluster',
  ClusterDeleted: 'DescribeCluster',
  ImageScanComplete: 'DescribeImageScanFindings',
  IdentityExists: 'GetIdentityVerificationAttributes',
  RoleExists: 'GetRole',
  UserExists: 'GetUser',
  PolicyExists: 'GetPolicy',
  ClusterRunning: 'DescribeCluster',
  StepComplete: 'DescribeStep',
  NodegroupActive: 'DescribeNodegroup',
}

/** The operation that `waitUntilX` asks. What is missing is told as an operation that is not known. */
export function waitedFor(word: string, service: string): string {
  if (service === 'eks' && word === 'ClusterActive') return 'DescribeCluster'
  return Object.hasOwn(WAITERS, word) ? (WAITERS[word] ?? word) : word
}

/** `GetItem` of the export `GetItemCommand`. */
export const commandOf = (name: string): string | undefined => /^(.+)Command$/.exec(name)?.[1]
