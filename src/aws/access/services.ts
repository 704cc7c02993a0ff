// The services that have rules of their own, by the names of their SDK clients.
import type { Service } from './resource.ts'
import { dynamodb } from './services/dynamodb.ts'
import { eventbridge } from './services/eventbridge.ts'
import { lambda } from './services/lambda.ts'
import { s3 } from './services/s3.ts'
import { secretsmanager } from './services/secretsmanager.ts'
import { sns } from './services/sns.ts'
import { sqs } from './services/sqs.ts'
import { ssm } from './services/ssm.ts'

const services: Readonly<Record<string, Service>> = {
  dynamodb,
  'dynamodb-streams': dynamodb,
  eventbridge,
  lambda,
  s3,
  'secrets-manager': secretsmanager,
  sns,
  sqs,
  ssm,
}

/** What a service has that the table of actions does not tell. */
export function serviceOf(sdkService: string): Service | undefined {
  return Object.hasOwn(services, sdkService) ? services[sdkService] : undefined
}
