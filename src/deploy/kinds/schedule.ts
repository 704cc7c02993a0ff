// Schedules: rules of EventBridge, and where those do not do, schedules of EventBridge Scheduler.
import type { ScheduleTriggerModel } from '../../model/index.ts'
import { logicalId } from '../ids.ts'
import { aliasArn, findFunction, type Making } from '../template/making.ts'
import { toPermission } from '../template/permission.ts'
import { attribute, type Part, type Value } from '../template.ts'

export const schedule = (trigger: ScheduleTriggerModel, making: Making): Part =>
  trigger.service === 'rule' ? toRule(trigger, making) : toSchedule(trigger, making)

function toRule({ function: name, expression }: ScheduleTriggerModel, making: Making): Part {
  const id = logicalId('Rule', name)
  const properties = {
    Name: findFunction(name, making).physicalName,
    ScheduleExpression: expression,
    State: 'ENABLED',
    Targets: [{ Id: 'function', Arn: aliasArn(name) }],
  }
  return {
    [id]: { Type: 'AWS::Events::Rule', Properties: properties },
    ...toPermission(name, { principal: 'events.amazonaws.com', source: attribute(id, 'Arn') }),
  }
}

function toSchedule(trigger: ScheduleTriggerModel, making: Making): Part {
  const { function: name, expression, timezone, start, end, window, input } = trigger
  const roleId = logicalId('SchedulerRole', name)
  const properties = {
    Name: findFunction(name, making).physicalName,
    ScheduleExpression: expression,
    ScheduleExpressionTimezone: timezone,
    FlexibleTimeWindow: window === 0 ? { Mode: 'OFF' } : { Mode: 'FLEXIBLE', MaximumWindowInMinutes: window },
    ...(start === undefined ? {} : { StartDate: new Date(start).toISOString() }),
    ...(end === undefined ? {} : { EndDate: new Date(end).toISOString() }),
    State: 'ENABLED',
    Target: {
      Arn: aliasArn(name),
      RoleArn: attribute(roleId, 'Arn'),
      ...(input === undefined ? {} : { Input: JSON.stringify(input) }),
    },
  }
  return {
    [roleId]: { Type: 'AWS::IAM::Role', Properties: toRole(name, making) },
    [logicalId('Schedule', name)]: { Type: 'AWS::Scheduler::Schedule', Properties: properties },
  }
}

// Scheduler calls with a role of ours. Source: "Setting up Amazon EventBridge Scheduler", confused deputy prevention.
const toRole = (name: string, { model }: Making): { [name: string]: Value } => ({
  AssumeRolePolicyDocument: {
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: { Service: 'scheduler.amazonaws.com' },
        Action: 'sts:AssumeRole',
        Condition: { StringEquals: { 'aws:SourceAccount': model.account } },
      },
    ],
  },
  Policies: [
    {
      PolicyName: 'invoke',
      PolicyDocument: {
        Version: '2012-10-17',
        Statement: [{ Effect: 'Allow', Action: 'lambda:InvokeFunction', Resource: aliasArn(name) }],
      },
    },
  ],
})
