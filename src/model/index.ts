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
export { websocketVariable } from './environment.ts'
export { RESOURCE_KINDS, type ResourceKind, TRIGGER_KINDS, type TriggerKind } from './kinds.ts'
export type {
  ApiModel,
  AuthModel,
  AuthorizerStyle,
  AuthorizerTriggerModel,
  BucketTriggerModel,
  BusTriggerModel,
  CorsModel,
  FilterScope,
  FunctionModel,
  HttpTriggerModel,
  JsonObject,
  LambdaTriggerModel,
  Model,
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
export { prefix, type Target } from './names.ts'
export type { Grammar } from './reading.ts'
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
