// The app's tags, on everything in the template that can have tags.
import type { Part, Properties, TemplateResource, Value } from '../template.ts'

type Tags = Readonly<Record<string, string>>

const listed = (tags: Tags): Value => Object.entries(tags).map(([Key, one]) => ({ Key, Value: one }))

// How a type takes them: CloudFormation has two ways. A test holds the table against the resources' specification.
const FORMS: Readonly<Record<string, (tags: Tags) => Value>> = {
  'AWS::ApiGateway::ApiKey': listed,
  'AWS::ApiGateway::DomainName': listed,
  'AWS::ApiGateway::RestApi': listed,
  'AWS::ApiGateway::Stage': listed,
  'AWS::ApiGateway::UsagePlan': listed,
  'AWS::ApiGatewayV2::Api': (tags) => tags,
  'AWS::ApiGatewayV2::DomainName': (tags) => tags,
  'AWS::ApiGatewayV2::Stage': (tags) => tags,
  'AWS::CertificateManager::Certificate': listed,
  'AWS::CloudFormation::Stack': listed,
  'AWS::CloudWatch::Alarm': listed,
  'AWS::DynamoDB::Table': listed,
  'AWS::Events::EventBus': listed,
  'AWS::Events::Rule': listed,
  'AWS::IAM::Role': listed,
  'AWS::Kinesis::Stream': listed,
  'AWS::Lambda::EventSourceMapping': listed,
  'AWS::Lambda::Function': listed,
  'AWS::Logs::LogGroup': listed,
  'AWS::S3::Bucket': listed,
  'AWS::SNS::Topic': listed,
  'AWS::SQS::Queue': listed,
  'AWS::SSM::Parameter': (tags) => tags,
  'AWS::SecretsManager::Secret': listed,
}

/** `Tags` of a resource of this type; nothing where there are none, or it takes none. */
export function toTags(type: string, tags: Tags): Properties {
  const form = FORMS[type]
  return form === undefined || Object.keys(tags).length === 0 ? {} : { Tags: form(tags) }
}

/** The parts with these tags wherever they name none themselves: a function's hold the app's already. */
export function tagged(part: Part, tags: Tags): Part {
  if (Object.keys(tags).length === 0) return part
  const entries = Object.entries(part).map(([id, one]): [string, TemplateResource] => [
    id,
    { ...one, Properties: { ...toTags(one.Type, tags), ...one.Properties } },
  ])
  return Object.fromEntries(entries)
}
