// The door of the model: the app as pure data, and how it is made and checked.
export { defineModel } from './define.ts'
export type {
  DescribedApp,
  DescribedFunction,
  DescribedGroup,
  DescribedResource,
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
  BucketModel,
  CorsModel,
  FunctionModel,
  HttpTriggerModel,
  LambdaTriggerModel,
  Model,
  QueueModel,
  QueueTriggerModel,
  ResourceModel,
  ScheduleTriggerModel,
  TriggerModel,
  UsagePlanModel,
} from './model.ts'
export { prefix, type Target } from './names.ts'
export type { Grammar } from './reading.ts'
