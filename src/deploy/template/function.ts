// A function: its log, itself, and the alias that everything calls it by.
import {
  type EnvironmentReference,
  type FunctionModel,
  prefix,
  referenced,
  websocketVariable,
} from '../../model/index.ts'
import { ALIAS, aliasId, functionId, logGroupId, logicalId, resourceId } from '../ids.ts'
import { attribute, joined, type Part, type Properties, ref, type Value } from '../template.ts'
import { toAlarms } from './alarms.ts'
import { destinationArn } from './destinations.ts'
import type { Making } from './making.ts'
import { roleArn } from './role.ts'
import { toTags } from './tags.ts'
import { toWarm } from './warm.ts'

const DEFAULT_RETRIES = 2
const DEFAULT_AGE = 21_600

export function toFunction(made: FunctionModel, making: Making): Part {
  const { name } = made
  return {
    [logGroupId(name)]: {
      Type: 'AWS::Logs::LogGroup',
      // Said, although it is the default: CloudFormation takes back what is there already only of what says it.
      DeletionPolicy: 'Delete',
      Properties: {
        LogGroupName: `/aws/lambda/${made.physicalName}`,
        ...(made.logs.retention === undefined ? {} : { RetentionInDays: made.logs.retention }),
      },
    },
    [functionId(name)]: { Type: 'AWS::Lambda::Function', Properties: toProperties(made, making) },
    [aliasId(name)]: {
      Type: 'AWS::Lambda::Alias',
      // Never anything else than this: CloudFormation would move the alias back with any change, and deploy moves it.
      Properties: { FunctionName: ref(functionId(name)), FunctionVersion: '$LATEST', Name: ALIAS },
    },
    ...toInvokeConfig(made, making),
    ...toAlarms(made, making),
    ...toWarm(made),
  }
}

function toProperties(made: FunctionModel, making: Making): Properties {
  const { deadLetter, vpc, concurrency } = made
  return {
    FunctionName: made.physicalName,
    ...(made.description === '' ? {} : { Description: made.description }),
    Architectures: [made.architecture],
    ...toCode(made, making),
    Role: roleArn(made),
    MemorySize: made.memory,
    Timeout: made.timeout,
    EphemeralStorage: { Size: made.ephemeralStorage },
    Environment: { Variables: toVariables(made, making) },
    LoggingConfig: toLogging(made),
    TracingConfig: { Mode: made.tracing ? 'Active' : 'PassThrough' },
    ...(concurrency === undefined ? {} : { ReservedConcurrentExecutions: concurrency }),
    ...(deadLetter === undefined ? {} : { DeadLetterConfig: { TargetArn: destinationArn(deadLetter, making) } }),
    ...(vpc === undefined ? {} : { VpcConfig: { SubnetIds: vpc.subnets, SecurityGroupIds: vpc.securityGroups } }),
    ...toTags('AWS::Lambda::Function', made.tags),
  }
}

// Source: AWS::Lambda::Function: of an image, which says how it is run, there is no runtime, no handler and no layer.
function toCode({ name, image, runtime, layers }: FunctionModel, making: Making): Properties {
  if (image !== undefined) return { PackageType: 'Image', Code: { ImageUri: image } }
  const code = making.code.get(name)
  if (code === undefined) throw new Error(`There is no code of the function ${name}.`)
  return {
    Runtime: runtime,
    Handler: 'index.handler',
    Code: { S3Bucket: code.bucket, S3Key: code.key },
    ...(layers.length === 0 ? {} : { Layers: layers }),
  }
}

const toLogging = ({ name, logs: { format, level, systemLevel } }: FunctionModel): Properties => ({
  // Made before the function, which would make it itself without an end to what it keeps.
  LogGroup: ref(logGroupId(name)),
  LogFormat: format === 'json' ? 'JSON' : 'Text',
  ...(level === undefined ? {} : { ApplicationLogLevel: level.toUpperCase() }),
  ...(systemLevel === undefined ? {} : { SystemLogLevel: systemLevel.toUpperCase() }),
})

// What the stack makes tells its value by attributes; what is there, and secrets, CloudFormation looks up. Sources: "Get a plaintext
// value from Systems Manager Parameter Store" (never of the same stack), "Get a secret or secret value from Secrets Manager".
function toReferenced(reference: EnvironmentReference, { model }: Making): Value {
  const found = referenced(reference, model.resources)
  if (found === undefined) throw new Error(`There is no ${reference.kind} ${reference.name}.`)
  const { kind, name, physicalName, existing } = found
  if (kind === 'secret') {
    const id = existing ? (name.startsWith('arn:') ? name : physicalName) : ref(resourceId(kind, name))
    return joined('{{resolve:secretsmanager:', id, ':SecretString}}')
  }
  return existing ? `{{resolve:ssm:${physicalName}}}` : attribute(resourceId(kind, name), 'Value')
}

function toVariables({ env, references }: FunctionModel, making: Making): Properties {
  const { model } = making
  const apis = model.resources.filter((one) => one.kind === 'websocket')
  const places = apis.map(({ name, stage, existing, apiId }) => {
    const there = joined(`https://${apiId}.execute-api.`, ref('AWS::Region'), '.', ref('AWS::URLSuffix'))
    // AWS tells it with wss, and it is called by https: the runtime knows. Source: ApiEndpoint of AWS::ApiGatewayV2::Api.
    const endpoint = existing ? there : attribute(resourceId('websocket', name), 'ApiEndpoint')
    return [websocketVariable(name), joined(endpoint, `/${stage}`)] as const
  })
  const kept = Object.entries(references).map(([variable, one]) => [variable, toReferenced(one, making)] as const)
  const own = { GOBLET_PREFIX: prefix(model), GOBLET_ACCOUNT: model.account, GOBLET_QUALIFIER: ALIAS }
  const all = Object.entries({ ...env, ...Object.fromEntries(kept), ...own, ...Object.fromEntries(places) })
  return Object.fromEntries(all.sort(([left], [right]) => (left < right ? -1 : 1)))
}

// Where it says what Lambda does anyway, there is none. It says it of the alias: what is called otherwise is not the app's.
function toInvokeConfig(made: FunctionModel, making: Making): Part {
  const { name, retries, maximumAge, destinations } = made
  const { success, failure } = destinations
  const told = {
    ...(success === undefined ? {} : { OnSuccess: { Destination: destinationArn(success, making) } }),
    ...(failure === undefined ? {} : { OnFailure: { Destination: destinationArn(failure, making) } }),
  }
  const isDefault = retries === DEFAULT_RETRIES && maximumAge === DEFAULT_AGE
  if (isDefault && success === undefined && failure === undefined) return {}
  return {
    [logicalId('InvokeConfig', name)]: {
      Type: 'AWS::Lambda::EventInvokeConfig',
      DependsOn: [aliasId(name)],
      Properties: {
        FunctionName: ref(functionId(name)),
        Qualifier: ALIAS,
        MaximumRetryAttempts: retries,
        MaximumEventAgeInSeconds: maximumAge,
        ...(Object.keys(told).length === 0 ? {} : { DestinationConfig: told }),
      },
    },
  }
}
