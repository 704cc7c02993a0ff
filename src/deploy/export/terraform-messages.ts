// What carries messages in Terraform: queues, topics, buses, rules, schedules.
import { isList, isObject } from './portable.ts'
import { type Block, body, json, type Mapped, tags, within } from './terraform-values.ts'

type Mapping = (mapped: Mapped) => Block[]

const queue: Mapping = ({ name, properties: p }) => [
  {
    type: 'aws_sqs_queue',
    name,
    body: body({
      name: p.QueueName,
      fifo_queue: p.FifoQueue,
      content_based_deduplication: p.ContentBasedDeduplication,
      visibility_timeout_seconds: p.VisibilityTimeout,
      message_retention_seconds: p.MessageRetentionPeriod,
      delay_seconds: p.DelaySeconds,
      redrive_policy: json(p.RedrivePolicy),
      tags: tags(p.Tags),
    }),
  },
]

const queuePolicy: Mapping = ({ name, properties: p }) =>
  (isList(p.Queues) ? p.Queues : []).map((one, index) => ({
    type: 'aws_sqs_queue_policy',
    name: index === 0 ? name : `${name}_${index + 1}`,
    body: body({ queue_url: one, policy: json(p.PolicyDocument) }),
  }))

const topic: Mapping = ({ name, properties: p }) => [
  {
    type: 'aws_sns_topic',
    name,
    body: body({
      name: p.TopicName,
      fifo_topic: p.FifoTopic,
      content_based_deduplication: p.ContentBasedDeduplication,
      tags: tags(p.Tags),
    }),
  },
]

const subscription: Mapping = ({ name, properties: p }) => [
  {
    type: 'aws_sns_topic_subscription',
    name,
    body: body({
      topic_arn: p.TopicArn,
      protocol: p.Protocol,
      endpoint: p.Endpoint,
      raw_message_delivery: p.RawMessageDelivery,
      filter_policy: json(p.FilterPolicy),
      filter_policy_scope: p.FilterPolicyScope,
      redrive_policy: json(p.RedrivePolicy),
    }),
  },
]

const bus: Mapping = ({ name, properties: p }) => [
  { type: 'aws_cloudwatch_event_bus', name, body: body({ name: p.Name, tags: tags(p.Tags) }) },
]

const rule: Mapping = ({ name, properties: p, own }) => [
  {
    type: 'aws_cloudwatch_event_rule',
    name,
    body: body({
      name: p.Name,
      event_bus_name: p.EventBusName,
      event_pattern: json(p.EventPattern),
      schedule_expression: p.ScheduleExpression,
      state: p.State,
      tags: tags(p.Tags),
    }),
  },
  ...(isList(p.Targets) ? p.Targets.filter(isObject) : []).map((one, index) => ({
    type: 'aws_cloudwatch_event_target',
    name: index === 0 ? name : `${name}_${index + 1}`,
    body: body({ rule: own('name'), event_bus_name: p.EventBusName, target_id: one.Id, arn: one.Arn }),
  })),
]

const schedule: Mapping = ({ name, properties: p }) => [
  {
    type: 'aws_scheduler_schedule',
    name,
    body: body({
      name: p.Name,
      schedule_expression: p.ScheduleExpression,
      schedule_expression_timezone: p.ScheduleExpressionTimezone,
      start_date: p.StartDate,
      end_date: p.EndDate,
      state: p.State,
      flexible_time_window: within(p.FlexibleTimeWindow, (one) => ({
        mode: one.Mode,
        maximum_window_in_minutes: one.MaximumWindowInMinutes,
      })),
      target: within(p.Target, (one) => ({ arn: one.Arn, role_arn: one.RoleArn, input: one.Input })),
    }),
  },
]

export const MESSAGES: Readonly<Record<string, Mapping>> = {
  'AWS::Events::EventBus': bus,
  'AWS::Events::Rule': rule,
  'AWS::SNS::Subscription': subscription,
  'AWS::SNS::Topic': topic,
  'AWS::SQS::Queue': queue,
  'AWS::SQS::QueuePolicy': queuePolicy,
  'AWS::Scheduler::Schedule': schedule,
}
