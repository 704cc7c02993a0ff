// The services that have rules of their own, by the names of their SDK clients.
import type { Service } from './resource.ts'
import { apiGateway, apiGatewayV2 } from './services/api-gateway.ts'
import { athena, glue } from './services/athena.ts'
import { bedrockAgentRuntime, bedrockRuntime } from './services/bedrock.ts'
import { cloudwatch } from './services/cloudwatch.ts'
import { cognitoIdentity, cognitoIdentityProvider, sso, ssoOidc } from './services/cognito.ts'
import { keyspaces, rdsData, redshiftData, timestreamQuery, timestreamWrite } from './services/databases.ts'
import { polly, rekognition, textract, transcribe } from './services/documents.ts'
import { dynamodb } from './services/dynamodb.ts'
import { ec2 } from './services/ec2.ts'
import { ecs } from './services/ecs.ts'
import { eventbridge } from './services/eventbridge.ts'
import { connectParticipant, executeApi } from './services/execute-api.ts'
import { kinesis } from './services/kinesis.ts'
import { kms } from './services/kms.ts'
import { lambda } from './services/lambda.ts'
import { logs } from './services/logs.ts'
import {
  budgets,
  cloudFront,
  cloudSearchDomain,
  neptuneData,
  neptuneGraph,
  pinpoint,
  quickSight,
  rds,
  s3Control,
  securityHub,
  verifiedPermissions,
} from './services/renamed.ts'
import { s3 } from './services/s3.ts'
import { scheduler } from './services/scheduler.ts'
import { secretsmanager } from './services/secretsmanager.ts'
import { ses, sesv2 } from './services/ses.ts'
import { sfn } from './services/sfn.ts'
import { sns } from './services/sns.ts'
import { sqs } from './services/sqs.ts'
import { ssm } from './services/ssm.ts'
import { sts } from './services/sts.ts'

const services: Readonly<Record<string, Service>> = {
  'api-gateway': apiGateway,
  apigatewaymanagementapi: executeApi,
  apigatewayv2: apiGatewayV2,
  athena,
  'bedrock-agent-runtime': bedrockAgentRuntime,
  'bedrock-runtime': bedrockRuntime,
  budgets,
  cloudfront: cloudFront,
  'cloudsearch-domain': cloudSearchDomain,
  cloudwatch,
  'cloudwatch-logs': logs,
  'cognito-identity': cognitoIdentity,
  'cognito-identity-provider': cognitoIdentityProvider,
  connectparticipant: connectParticipant,
  docdb: rds,
  dynamodb,
  'dynamodb-streams': dynamodb,
  ec2,
  ecs,
  eventbridge,
  glue,
  keyspaces,
  kinesis,
  kms,
  lambda,
  neptune: rds,
  neptunedata: neptuneData,
  'neptune-graph': neptuneGraph,
  pinpoint,
  polly,
  quicksight: quickSight,
  rds,
  'rds-data': rdsData,
  'redshift-data': redshiftData,
  rekognition,
  s3,
  's3-control': s3Control,
  scheduler,
  'secrets-manager': secretsmanager,
  securityhub: securityHub,
  ses,
  sesv2,
  sfn,
  sns,
  sqs,
  ssm,
  sso,
  'sso-oidc': ssoOidc,
  sts,
  textract,
  'timestream-query': timestreamQuery,
  'timestream-write': timestreamWrite,
  transcribe,
  verifiedpermissions: verifiedPermissions,
}

/** What a service has that the table of actions does not tell. */
export function serviceOf(sdkService: string): Service | undefined {
  return Object.hasOwn(services, sdkService) ? services[sdkService] : undefined
}
