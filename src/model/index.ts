// The door of the model: the app as pure data, and how it is made and checked.
export type { AlarmsModel } from './alarms.ts'
export { type ArnPlace, connectionsArn, functionArn, partitionOf, resourceArn } from './arns.ts'
export { defineModel } from './define.ts'
export type {
  DescribedApp,
  DescribedFunction,
  DescribedGroup,
  DescribedResource,
  DescribedSubscription,
  Description,
  MountedApp,
  Opaque,
  Options,
  Plain,
} from './describe.ts'
export type { DomainModel } from './domain.ts'
export { websocketVariable } from './environment.ts'
export { RESOURCE_KINDS, type ResourceKind, TRIGGER_KINDS, type TriggerKind } from './kinds.ts'
export { type Change, type Changes, compareLocks, type Lock, lockText, readLock, toLock } from './lock.ts'
export { type LogLevel, type LogsModel, RETENTIONS, type SystemLogLevel } from './logs.ts'
export type {
  ApiModel,
  AuthModel,
  AuthorizerStyle,
  AuthorizerTriggerModel,
  BucketTriggerModel,
  BusTriggerModel,
  CorsModel,
  EnvironmentReference,
  FilterScope,
  FunctionModel,
  HttpTriggerModel,
  JsonObject,
  LambdaTriggerModel,
  Model,
  PermissionModel,
  QueueTriggerModel,
  ScheduleTriggerModel,
  StreamTriggerModel,
  SubscriptionModel,
  TableTriggerModel,
  TopicTriggerModel,
  TriggerModel,
  UsagePlanModel,
  WebsocketTriggerModel,
} from './model.ts'
export { prefix, type Target, toAppName } from './names.ts'
export { ownGrants } from './owned.ts'
export type { Finding, FunctionPermissions, Grant, Permissions } from './permissions.ts'
export {
  lengthOf,
  POLICY_LIMIT,
  type Policies,
  type PolicyDocument,
  type Statement,
  toPolicies,
  toPolicyDocument,
} from './policy.ts'
export type { Grammar } from './reading.ts'
export { referenced } from './references.ts'
export type {
  AttributeType,
  BucketCorsModel,
  BucketLifecycleModel,
  BucketModel,
  BusModel,
  DestinationModel,
  GeneratedSecretModel,
  ParamModel,
  QueueModel,
  RawResourceModel,
  ResourceModel,
  SecretModel,
  StreamModel,
  StreamView,
  TableIndexModel,
  TableKeyModel,
  TableModel,
  TopicModel,
  WebsocketModel,
} from './resources.ts'
export type { Shipping } from './shipping.ts'
