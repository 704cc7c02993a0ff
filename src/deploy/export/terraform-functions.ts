// Functions in Terraform: code, alias, who may call them, what wakes them, their roles and logs.
import type { Properties, Value } from '../template.ts'
import { isList, isObject } from './portable.ts'
import { zipOf } from './source.ts'
import { toEnvironment } from './terraform-environment.ts'
import { type Block, body, each, expression, json, type Mapped, tags, toName, within } from './terraform-values.ts'

type Mapping = (mapped: Mapped) => Block[]

const func: Mapping = ({ name, properties: p, resource }) => {
  const zip = zipOf(resource)
  const file = `\${path.module}/${zip ?? ''}`
  const told = isObject(p.Environment) && isObject(p.Environment.Variables) ? p.Environment.Variables : {}
  const { variables, blocks } = toEnvironment(name, told)
  const made = {
    function_name: p.FunctionName,
    description: p.Description,
    package_type: p.PackageType,
    image_uri: isObject(p.Code) ? p.Code.ImageUri : undefined,
    ...(zip === undefined ? {} : { filename: file, source_code_hash: expression(`filebase64sha256("${file}")`) }),
    runtime: p.Runtime,
    handler: p.Handler,
    architectures: p.Architectures,
    layers: p.Layers,
    role: p.Role,
    memory_size: p.MemorySize,
    timeout: p.Timeout,
    ephemeral_storage: within(p.EphemeralStorage, ({ Size }) => ({ size: Size })),
    environment: within(p.Environment, () => ({ variables })),
    logging_config: within(p.LoggingConfig, (one) => ({
      log_group: one.LogGroup,
      log_format: one.LogFormat,
      application_log_level: one.ApplicationLogLevel,
      system_log_level: one.SystemLogLevel,
    })),
    tracing_config: within(p.TracingConfig, ({ Mode }) => ({ mode: Mode })),
    reserved_concurrent_executions: p.ReservedConcurrentExecutions,
    dead_letter_config: within(p.DeadLetterConfig, ({ TargetArn }) => ({ target_arn: TargetArn })),
    vpc_config: within(p.VpcConfig, (one) => ({
      subnet_ids: one.SubnetIds,
      security_group_ids: one.SecurityGroupIds,
    })),
    tags: tags(p.Tags),
  }
  return [...blocks, { type: 'aws_lambda_function', name, body: body(made) }]
}

const alias: Mapping = ({ name, properties: p }) => [
  {
    type: 'aws_lambda_alias',
    name,
    body: body({ name: p.Name, function_name: p.FunctionName, function_version: p.FunctionVersion }),
  },
]

/** Who is called, as name and alias: Terraform reads a permission back in this form, and would make it anew in the other. */
function called(raw: Value | undefined, { template }: Mapped): Properties | undefined {
  const id = isObject(raw) ? raw.Ref : undefined
  const found = typeof id === 'string' ? template.Resources[id] : undefined
  if (found?.Type !== 'AWS::Lambda::Alias' || typeof id !== 'string') return undefined
  const address = `aws_lambda_alias.${toName(id)}`
  return { function_name: expression(`${address}.function_name`), qualifier: expression(`${address}.name`) }
}

const permission: Mapping = (mapped) => {
  const { name, properties: p, resource } = mapped
  const { FunctionName } = p
  const whom = called(resource.Properties?.FunctionName, mapped) ?? body({ function_name: FunctionName })
  const made = body({
    action: p.Action,
    principal: p.Principal,
    source_arn: p.SourceArn,
    source_account: p.SourceAccount,
    function_url_auth_type: p.FunctionUrlAuthType,
  })
  return [{ type: 'aws_lambda_permission', name, body: { ...whom, ...made } }]
}

const mapping: Mapping = ({ name, properties: p }) => [
  {
    type: 'aws_lambda_event_source_mapping',
    name,
    body: body({
      event_source_arn: p.EventSourceArn,
      function_name: p.FunctionName,
      enabled: p.Enabled,
      batch_size: p.BatchSize,
      maximum_batching_window_in_seconds: p.MaximumBatchingWindowInSeconds,
      starting_position: p.StartingPosition,
      starting_position_timestamp:
        typeof p.StartingPositionTimestamp === 'number'
          ? new Date(p.StartingPositionTimestamp * 1000).toISOString()
          : undefined,
      maximum_retry_attempts: p.MaximumRetryAttempts,
      maximum_record_age_in_seconds: p.MaximumRecordAgeInSeconds,
      bisect_batch_on_function_error: p.BisectBatchOnFunctionError,
      parallelization_factor: p.ParallelizationFactor,
      tumbling_window_in_seconds: p.TumblingWindowInSeconds,
      function_response_types: p.FunctionResponseTypes,
      filter_criteria: within(p.FilterCriteria, ({ Filters }) => ({
        filter: each(Filters, ({ Pattern }) => ({ pattern: Pattern })),
      })),
      scaling_config: within(p.ScalingConfig, (one) => ({ maximum_concurrency: one.MaximumConcurrency })),
      destination_config: within(p.DestinationConfig, (one) => ({
        on_failure: within(one.OnFailure, ({ Destination }) => ({ destination_arn: Destination })),
      })),
      tags: tags(p.Tags),
    }),
  },
]

const invokeConfig: Mapping = ({ name, properties: p }) => [
  {
    type: 'aws_lambda_function_event_invoke_config',
    name,
    body: body({
      function_name: p.FunctionName,
      qualifier: p.Qualifier,
      maximum_retry_attempts: p.MaximumRetryAttempts,
      maximum_event_age_in_seconds: p.MaximumEventAgeInSeconds,
      destination_config: within(p.DestinationConfig, (one) => ({
        on_success: within(one.OnSuccess, ({ Destination }) => ({ destination: Destination })),
        on_failure: within(one.OnFailure, ({ Destination }) => ({ destination: Destination })),
      })),
    }),
  },
]

const url: Mapping = ({ name, properties: p }) => [
  {
    type: 'aws_lambda_function_url',
    name,
    body: body({
      function_name: p.TargetFunctionArn,
      qualifier: p.Qualifier,
      authorization_type: p.AuthType,
      invoke_mode: p.InvokeMode,
      cors: within(p.Cors, (one) => ({
        allow_origins: one.AllowOrigins,
        allow_methods: one.AllowMethods,
        allow_headers: one.AllowHeaders,
        expose_headers: one.ExposeHeaders,
        allow_credentials: one.AllowCredentials,
        max_age: one.MaxAge,
      })),
    }),
  },
]

// CloudFormation makes up these names; Terraform does from a beginning, of 38 characters at most for roles.
const prefixOf = ({ stack }: Mapped): string => `${stack.slice(0, 37)}-`

const role: Mapping = (mapped) => {
  const { name, properties: p, own } = mapped
  const policies = isList(p.Policies) ? p.Policies.filter(isObject) : []
  const managed = isList(p.ManagedPolicyArns) ? p.ManagedPolicyArns : []
  return [
    {
      type: 'aws_iam_role',
      name,
      body: body({
        name_prefix: prefixOf(mapped),
        assume_role_policy: json(p.AssumeRolePolicyDocument),
        tags: tags(p.Tags),
      }),
    },
    ...policies.map((one, index) => ({
      type: 'aws_iam_role_policy',
      name: numbered(name, index),
      body: body({ name: one.PolicyName, role: own('id'), policy: json(one.PolicyDocument) }),
    })),
    ...managed.map((one, index) => ({
      type: 'aws_iam_role_policy_attachment',
      name: numbered(name, index),
      body: { role: own('name'), policy_arn: one },
    })),
  ]
}

const numbered = (name: string, index: number): string => (index === 0 ? name : `${name}_${index + 1}`)

const managedPolicy: Mapping = (mapped) => [
  {
    type: 'aws_iam_policy',
    name: mapped.name,
    body: body({ name_prefix: prefixOf(mapped), policy: json(mapped.properties.PolicyDocument) }),
  },
]

const logGroup: Mapping = ({ name, properties: p }) => [
  {
    type: 'aws_cloudwatch_log_group',
    name,
    body: body({ name: p.LogGroupName, retention_in_days: p.RetentionInDays, tags: tags(p.Tags) }),
  },
]

const alarm: Mapping = ({ name, properties: p }) => [
  {
    type: 'aws_cloudwatch_metric_alarm',
    name,
    body: body({
      alarm_name: p.AlarmName,
      namespace: p.Namespace,
      metric_name: p.MetricName,
      dimensions: isList(p.Dimensions)
        ? Object.fromEntries(p.Dimensions.filter(isObject).map((one) => [String(one.Name), one.Value ?? '']))
        : undefined,
      statistic: p.Statistic,
      period: p.Period,
      evaluation_periods: p.EvaluationPeriods,
      threshold: p.Threshold,
      comparison_operator: p.ComparisonOperator,
      treat_missing_data: p.TreatMissingData,
      alarm_actions: p.AlarmActions,
      ok_actions: p.OKActions,
      tags: tags(p.Tags),
    }),
  },
]

export const FUNCTIONS: Readonly<Record<string, Mapping>> = {
  'AWS::CloudWatch::Alarm': alarm,
  'AWS::IAM::ManagedPolicy': managedPolicy,
  'AWS::IAM::Role': role,
  'AWS::Lambda::Alias': alias,
  'AWS::Lambda::EventInvokeConfig': invokeConfig,
  'AWS::Lambda::EventSourceMapping': mapping,
  'AWS::Lambda::Function': func,
  'AWS::Lambda::Permission': permission,
  'AWS::Lambda::Url': url,
  'AWS::Logs::LogGroup': logGroup,
}
