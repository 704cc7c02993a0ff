// A refusal in AWS's words. Each service has its own way of naming what it refuses.
// Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html; the deviations as SDKs have shown them
// (SQS: aws/serverless-application-model 3633; SNS: aws-ia/terraform-aws-control_tower_account_factory 151; Secrets Manager:
// nautobot/nautobot-app-secrets-providers 64 and Kralizek/AWSSecretsManagerConfigurationExtensions 78; API Gateway: aws/aws-cdk 18410 and aws-solutions/innovation-sandbox-on-aws 59).
import type { Decision } from '../../aws/access/evaluate.ts'
import { ACCOUNT, type Asked } from '../service.ts'

export interface Refused {
  /** The names of the function's role, and of the function: its session. */
  readonly role: string
  readonly session: string
  readonly action: string
  readonly resource: string
  readonly decision: Exclude<Decision, 'allow'>
  readonly asked: Asked
}

/** `User: arn:aws:sts::…:assumed-role/… is not authorized to perform: …` */
export function toWords(refused: Refused): string {
  const { role, session, decision } = refused
  const action = shownAction(refused)
  const user = `arn:aws:sts::${ACCOUNT}:assumed-role/${role}/${session}`
  const what = `User: ${user} is not authorized to perform: ${action}${shownResource(refused)}`
  if (decision === 'explicit deny') return `${what} with an explicit deny in an identity-based policy`
  // STS keeps its reasons to itself: the role's own policy may be one.
  if (action === 'sts:AssumeRole') return what
  return `${what} because no identity-based policy allows the ${action} action`
}

function shownAction({ action }: Refused): string {
  if (action.startsWith('sqs:')) return action.toLowerCase()
  if (action.startsWith('sns:')) return `SNS:${action.slice('sns:'.length)}`
  return action
}

// API Gateway tells neither the whole account nor which connection.
const masked = (resource: string): string =>
  resource.replace(/:\d{8}(\d{4}):/, ':********$1:').replace(/@connections\/.*$/, '@connections/{connectionId}')

function shownResource({ action, resource, asked }: Refused): string {
  if (action.startsWith('execute-api:')) return ` on resource: ${masked(resource)}`
  if (action.startsWith('s3:')) return ` on resource: "${resource}"`
  if (!action.startsWith('secretsmanager:')) return ` on resource: ${resource}`
  // As the caller has named it.
  const { SecretId: named } = asked.input
  if (typeof named === 'string') return ` on resource: ${named}`
  return resource === '*' ? '' : ` on resource: ${resource}`
}
