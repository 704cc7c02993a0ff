// Alarms: when CloudWatch says that a function fails, and to whom.
import type { FunctionModel } from '../model/index.ts'
import { logicalId } from './ids.ts'
import { arnOf, type Making } from './making.ts'
import type { Part } from './template.ts'

const METRICS = { errors: 'Errors', throttles: 'Throttles' } as const

/** The names of a function's alarms on AWS. */
const alarmName = (physicalName: string, metric: keyof typeof METRICS): string => `${physicalName}-${metric}`

export function toAlarms({ name, physicalName, alarms }: FunctionModel, making: Making): Part {
  if (alarms === undefined) return {}
  const told = alarms.topic === undefined ? [] : [arnOf('topic', alarms.topic, making)]
  const one = (metric: keyof typeof METRICS): Part => {
    const threshold = alarms[metric]
    if (threshold === undefined) return {}
    const properties = {
      AlarmName: alarmName(physicalName, metric),
      Namespace: 'AWS/Lambda',
      MetricName: METRICS[metric],
      Dimensions: [{ Name: 'FunctionName', Value: physicalName }],
      Statistic: 'Sum',
      Period: alarms.minutes * 60,
      EvaluationPeriods: 1,
      Threshold: threshold,
      ComparisonOperator: 'GreaterThanOrEqualToThreshold',
      TreatMissingData: 'notBreaching',
      ...(told.length === 0 ? {} : { AlarmActions: told, OKActions: told }),
    }
    return { [logicalId(`Alarm${METRICS[metric]}`, name)]: { Type: 'AWS::CloudWatch::Alarm', Properties: properties } }
  }
  return { ...one('errors'), ...one('throttles') }
}
