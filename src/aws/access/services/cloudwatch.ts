// CloudWatch: metrics have no ARNs.
// Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/permissions-reference-cw.html
import { EVERYTHING, need, type Rule, type Service } from '../resource.ts'

const everything =
  (action: string): Rule =>
  () => [need(`cloudwatch:${action}`, [EVERYTHING])]

export const cloudwatch: Service = {
  aliases: {
    InsightRuleName: ['RuleName', 'RuleNames'],
    MetricStreamName: ['Name', 'Names'],
    AlarmMuteRuleName: ['Name'],
  },
  renamed: { DescribeAlarmContributors: 'DescribeAlarms' },
  rules: {
    GetMetricData: everything('GetMetricData'),
    ListMetrics: everything('ListMetrics'),
    PutMetricData: everything('PutMetricData'),
  },
}
