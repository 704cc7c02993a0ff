// Services that differ from the table of actions by names only.
// Source of each: its page in https://docs.aws.amazon.com/service-authorization/latest/reference/, and the operation's own in its API reference.
import type { Service } from '../resource.ts'

/** The same action for all of these. */
function all(operations: readonly string[], action: string): Record<string, string> {
  return Object.fromEntries(operations.map((name) => [name, action]))
}

export const budgets: Service = {
  renamed: {
    ...all(
      [
        ...[
          'DescribeBudget',
          'DescribeBudgetNotificationsForAccount',
          'DescribeBudgetPerformanceHistory',
          'DescribeBudgets',
        ],
        ...['DescribeNotificationsForBudget', 'DescribeSubscribersForNotification'],
      ],
      'ViewBudget',
    ),
    ...all(
      [
        ...['CreateBudget', 'CreateNotification', 'CreateSubscriber', 'DeleteBudget', 'DeleteNotification'],
        ...['DeleteSubscriber', 'UpdateBudget', 'UpdateNotification', 'UpdateSubscriber'],
      ],
      'ModifyBudget',
    ),
  },
}

export const verifiedPermissions: Service = {
  renamed: {
    BatchGetPolicy: 'GetPolicy',
    BatchIsAuthorized: 'IsAuthorized',
    BatchIsAuthorizedWithToken: 'IsAuthorizedWithToken',
  },
}

export const cloudSearchDomain: Service = {
  renamed: { UploadDocuments: 'document', Search: 'search', Suggest: 'suggest' },
}

/** A query is a string: what it does, to read, to write or to delete, is not read out of it. */
const QUERIES = ['ReadDataViaQuery', 'WriteDataViaQuery', 'DeleteDataViaQuery']

export const neptuneGraph: Service = { renamed: { ExecuteQuery: QUERIES, GetQuery: 'GetQueryStatus' } }

export const neptuneData: Service = {
  renamed: {
    CancelGremlinQuery: 'CancelQuery',
    CancelOpenCypherQuery: 'CancelQuery',
    DeletePropertygraphStatistics: 'DeleteStatistics',
    DeleteSparqlStatistics: 'DeleteStatistics',
    ExecuteFastReset: 'ResetDatabase',
    ExecuteGremlinExplainQuery: 'ReadDataViaQuery',
    ExecuteGremlinProfileQuery: 'ReadDataViaQuery',
    ExecuteGremlinQuery: QUERIES,
    ExecuteOpenCypherExplainQuery: 'ReadDataViaQuery',
    ExecuteOpenCypherQuery: QUERIES,
    GetGremlinQueryStatus: 'GetQueryStatus',
    GetMLDataProcessingJob: 'GetMLDataProcessingJobStatus',
    GetMLEndpoint: 'GetMLEndpointStatus',
    GetMLModelTrainingJob: 'GetMLModelTrainingJobStatus',
    GetMLModelTransformJob: 'GetMLModelTransformJobStatus',
    GetOpenCypherQueryStatus: 'GetQueryStatus',
    GetPropertygraphStatistics: 'GetStatisticsStatus',
    GetPropertygraphStream: 'GetStreamRecords',
    GetPropertygraphSummary: 'GetGraphSummary',
    GetRDFGraphSummary: 'GetGraphSummary',
    GetSparqlStatistics: 'GetStatisticsStatus',
    GetSparqlStream: 'GetStreamRecords',
    ListGremlinQueries: 'GetQueryStatus',
    ListOpenCypherQueries: 'GetQueryStatus',
    ManagePropertygraphStatistics: 'ManageStatistics',
    ManageSparqlStatistics: 'ManageStatistics',
  },
}

export const s3Control: Service = {
  renamed: {
    DeletePublicAccessBlock: 'PutAccountPublicAccessBlock',
    GetPublicAccessBlock: 'GetAccountPublicAccessBlock',
    PutPublicAccessBlock: 'PutAccountPublicAccessBlock',
  },
}

export const cloudFront: Service = {
  renamed: {
    CreateDistributionWithTags: ['CreateDistribution', 'TagResource'],
    ListDistributionsByOwnedResource: 'ListDistributions',
  },
}

export const securityHub: Service = {
  renamed: { BatchUpdateFindingsV2: 'BatchUpdateFindings', GetFindingsV2: 'GetFindings' },
}

export const quickSight: Service = {
  renamed: {
    DescribeAnalysisDefinition: 'DescribeAnalysis',
    DescribeDashboardDefinition: 'DescribeDashboard',
    DescribeTemplateDefinition: 'DescribeTemplate',
  },
}

export const pinpoint: Service = { aliases: { AppId: ['ApplicationId'] } }

export const rds: Service = {
  aliases: {
    DbClusterInstanceName: ['DBClusterIdentifier', 'DbClusterIdentifier', 'TargetDbClusterIdentifier'],
    DbInstanceName: ['DBInstanceIdentifier'],
    ClusterSnapshotName: ['DBClusterSnapshotIdentifier'],
    SnapshotName: ['DBSnapshotIdentifier'],
    SubnetGroupName: ['DBSubnetGroupName'],
    ParameterGroupName: ['DBParameterGroupName'],
    ClusterParameterGroupName: ['DBClusterParameterGroupName'],
  },
}
