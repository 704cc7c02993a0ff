// The environment variables of a function, as Lambda sets them, and what points its AWS calls at the local cloud.
import { type FunctionModel, type Model, prefix, websocketVariable } from '../model/index.ts'
import { pathOf } from './gateway/websocket/address.ts'
import { ACCOUNT, LOCAL_CREDENTIALS, REGION } from './service.ts'

export interface Surroundings {
  /** Identifies the sandbox: its AWS calls carry it, so the journal knows which invocation made them. */
  readonly token: string
  readonly logStream: string
  /** The AWS port, such as `http://127.0.0.1:4566`. */
  readonly endpoint: string
  /** The app's port, such as `http://127.0.0.1:8000`. */
  readonly app: string
}

// What would send a client elsewhere for credentials. On AWS a function has its role's and nothing else.
const OTHER_CREDENTIALS =
  /^AWS_(?:(?:DEFAULT_)?PROFILE|ROLE_ARN|ROLE_SESSION_NAME|WEB_IDENTITY_TOKEN_FILE|CONTAINER_.*|EC2_METADATA_.*|CREDENTIAL_.*|SSO_.*|IGNORE_CONFIGURED_ENDPOINT_URLS)$/

/** Everything `process.env` holds inside the function. Source of the list: recorded on AWS for nodejs24.x. */
export function toEnvironment(
  model: Model,
  made: FunctionModel,
  { token, logStream, endpoint, app }: Surroundings,
): Record<string, string> {
  const node = made.runtime.replace(/\D/g, '')
  return {
    ...Object.fromEntries(Object.entries(made.env).filter(([name]) => !OTHER_CREDENTIALS.test(name))),
    _HANDLER: 'index.handler',
    AWS_ACCESS_KEY_ID: LOCAL_CREDENTIALS.accessKeyId,
    AWS_SECRET_ACCESS_KEY: LOCAL_CREDENTIALS.secretAccessKey,
    AWS_SESSION_TOKEN: token,
    AWS_DEFAULT_REGION: REGION,
    AWS_REGION: REGION,
    AWS_EXECUTION_ENV: `AWS_Lambda_${made.runtime}`,
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(made.memory),
    AWS_LAMBDA_FUNCTION_NAME: made.physicalName,
    AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    AWS_LAMBDA_LOG_FORMAT: made.logs.format === 'json' ? 'JSON' : 'Text',
    ...(made.logs.level === undefined ? {} : { AWS_LAMBDA_LOG_LEVEL: made.logs.level.toUpperCase() }),
    AWS_LAMBDA_LOG_GROUP_NAME: logGroup(made),
    AWS_LAMBDA_LOG_STREAM_NAME: logStream,
    AWS_XRAY_CONTEXT_MISSING: 'LOG_ERROR',
    LAMBDA_RUNTIME_DIR: '/var/runtime',
    LAMBDA_TASK_ROOT: '/var/task',
    LANG: 'en_US.UTF-8',
    NODE_PATH: `/opt/nodejs/node${node}/node_modules:/opt/nodejs/node_modules:/var/runtime/node_modules`,
    // The host's, where Lambda has its own: what a function starts must be found here.
    PATH: process.env.PATH ?? '',
    PWD: '/var/task',
    TZ: ':UTC',
    // No call may leave for the real AWS: every client is told the local endpoint, and that there is no instance metadata.
    AWS_ENDPOINT_URL: endpoint,
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_CONFIG_FILE: '/dev/null',
    AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
    // The machine's Node may be older than Lambda's, and the SDK would say so in every log.
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
    GOBLET_PREFIX: prefix(model),
    GOBLET_ACCOUNT: ACCOUNT,
    ...toConnections(model, app),
  }
}

// Where the connections of the app's WebSocket APIs are managed.
function toConnections({ resources }: Model, app: string): Record<string, string> {
  const apis = resources.filter((made) => made.kind === 'websocket')
  if (apis.length === 0) return {}
  const places = apis.map((made) => [websocketVariable(made.name), app + pathOf(made, apis)])
  // `sendAll` may do it by one call, which AWS has not.
  return { ...Object.fromEntries(places), GOBLET_WEBSOCKETS_BATCH: '1' }
}

export const logGroup = (made: FunctionModel): string => `/aws/lambda/${made.physicalName}`

export const functionArn = (made: FunctionModel): string =>
  `arn:aws:lambda:${REGION}:${ACCOUNT}:function:${made.physicalName}`
