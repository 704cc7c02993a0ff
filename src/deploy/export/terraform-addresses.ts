// Where Terraform has what a template refers to: type → attribute → address; `*` is the resource's name.

/** Takes any type in CloudFormation's own words. */
export const FALLBACK = 'aws_cloudcontrolapi_resource'

const named = (type: string, attributes: Readonly<Record<string, string>>): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(attributes).map(([name, path]) => [name, `${type}.*.${path}`]))

const ID = { Ref: 'id' }
const ARN = { Arn: 'arn' }

/** Every type that has words of its own in Terraform. `Ref` is what `Ref` gives. Source: "Return values" of each type's page. */
export const ADDRESSES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'AWS::ApiGateway::ApiKey': named('aws_api_gateway_api_key', ID),
  'AWS::ApiGateway::Authorizer': named('aws_api_gateway_authorizer', ID),
  'AWS::ApiGateway::Deployment': named('aws_api_gateway_deployment', ID),
  'AWS::ApiGateway::GatewayResponse': named('aws_api_gateway_gateway_response', ID),
  'AWS::ApiGateway::Method': named('aws_api_gateway_method', ID),
  'AWS::ApiGateway::Resource': named('aws_api_gateway_resource', ID),
  'AWS::ApiGateway::RestApi': named('aws_api_gateway_rest_api', { ...ID, RootResourceId: 'root_resource_id' }),
  'AWS::ApiGateway::Stage': named('aws_api_gateway_stage', { Ref: 'stage_name' }),
  'AWS::ApiGateway::UsagePlan': named('aws_api_gateway_usage_plan', ID),
  'AWS::ApiGateway::UsagePlanKey': named('aws_api_gateway_usage_plan_key', ID),
  'AWS::ApiGatewayV2::Api': named('aws_apigatewayv2_api', { ...ID, ApiEndpoint: 'api_endpoint', ApiId: 'id' }),
  'AWS::ApiGatewayV2::ApiMapping': named('aws_apigatewayv2_api_mapping', ID),
  'AWS::ApiGatewayV2::Authorizer': named('aws_apigatewayv2_authorizer', ID),
  'AWS::ApiGatewayV2::DomainName': named('aws_apigatewayv2_domain_name', {
    Ref: 'domain_name',
    RegionalDomainName: 'domain_name_configuration[0].target_domain_name',
    RegionalHostedZoneId: 'domain_name_configuration[0].hosted_zone_id',
  }),
  'AWS::ApiGatewayV2::Integration': named('aws_apigatewayv2_integration', ID),
  'AWS::ApiGatewayV2::Route': named('aws_apigatewayv2_route', ID),
  'AWS::ApiGatewayV2::Stage': named('aws_apigatewayv2_stage', { Ref: 'name' }),
  // Of the certificate when it is issued: nothing can use it before.
  'AWS::CertificateManager::Certificate': named('aws_acm_certificate_validation', { Ref: 'certificate_arn' }),
  'AWS::CloudWatch::Alarm': named('aws_cloudwatch_metric_alarm', { Ref: 'alarm_name', ...ARN }),
  'AWS::DynamoDB::Table': named('aws_dynamodb_table', { Ref: 'name', ...ARN, StreamArn: 'stream_arn' }),
  'AWS::Events::EventBus': named('aws_cloudwatch_event_bus', { Ref: 'name', Name: 'name', ...ARN }),
  'AWS::Events::Rule': named('aws_cloudwatch_event_rule', { Ref: 'name', ...ARN }),
  'AWS::IAM::ManagedPolicy': named('aws_iam_policy', { Ref: 'arn' }),
  'AWS::IAM::Role': named('aws_iam_role', { Ref: 'name', ...ARN, RoleId: 'unique_id' }),
  'AWS::Kinesis::Stream': named('aws_kinesis_stream', { Ref: 'name', ...ARN }),
  'AWS::Lambda::Alias': named('aws_lambda_alias', { Ref: 'arn' }),
  'AWS::Lambda::EventInvokeConfig': named('aws_lambda_function_event_invoke_config', ID),
  'AWS::Lambda::EventSourceMapping': named('aws_lambda_event_source_mapping', ID),
  'AWS::Lambda::Function': named('aws_lambda_function', { Ref: 'function_name', ...ARN }),
  'AWS::Lambda::Permission': named('aws_lambda_permission', ID),
  'AWS::Lambda::Url': named('aws_lambda_function_url', { Ref: 'function_arn', FunctionUrl: 'function_url' }),
  'AWS::Logs::LogGroup': named('aws_cloudwatch_log_group', { Ref: 'name', ...ARN }),
  'AWS::Route53::RecordSet': named('aws_route53_record', { Ref: 'fqdn' }),
  'AWS::S3::Bucket': named('aws_s3_bucket', {
    Ref: 'bucket',
    ...ARN,
    DomainName: 'bucket_domain_name',
    RegionalDomainName: 'bucket_regional_domain_name',
  }),
  'AWS::S3::BucketPolicy': named('aws_s3_bucket_policy', ID),
  'AWS::SNS::Subscription': named('aws_sns_topic_subscription', { Ref: 'arn' }),
  'AWS::SNS::Topic': named('aws_sns_topic', { Ref: 'arn', TopicArn: 'arn', TopicName: 'name' }),
  'AWS::SQS::Queue': named('aws_sqs_queue', { Ref: 'url', QueueUrl: 'url', QueueName: 'name', ...ARN }),
  'AWS::SQS::QueuePolicy': named('aws_sqs_queue_policy', ID),
  'AWS::SSM::Parameter': named('aws_ssm_parameter', { Ref: 'name', Value: 'value' }),
  'AWS::Scheduler::Schedule': named('aws_scheduler_schedule', { Ref: 'name', ...ARN }),
  'AWS::SecretsManager::Secret': named('aws_secretsmanager_secret', { Ref: 'arn', Id: 'arn' }),
}
