// The door of the model: the app as pure data, and how it is made and checked.
export { defineModel } from './define.ts'
export type {
  DescribedApp,
  DescribedFunction,
  DescribedGroup,
  DescribedResource,
  DescribedSubscription,
  Description,
  Opaque,
  Options,
  Plain,
} from './describe.ts'
export { RESOURCE_KINDS, type ResourceKind, TRIGGER_KINDS, type TriggerKind } from './kinds.ts'
export type {
  ApiModel,
  AuthModel,
  AuthorizerStyle,
  AuthorizerTriggerModel,
  BucketCorsModel,
  BucketLifecycleModel,
  BucketModel,
  BucketTriggerModel,
  CorsModel,
  FilterScope,
  FunctionModel,
  HttpTriggerModel,
  JsonObject,
  LambdaTriggerModel,
  Model,
  QueueModel,
  QueueTriggerModel,
  ResourceModel,
  ScheduleTriggerModel,
  SubscriptionModel,
  TopicModel,
  TopicTriggerModel,
  TriggerModel,
  UsagePlanModel,
} from './model.ts'
export { prefix, type Target } from './names.ts'
export type { Grammar } from './reading.ts'
