// APIs in Terraform: HTTP, REST and WebSocket APIs, their domains and certificates.
import { isList, isObject } from './portable.ts'
import { type Block, body, each, expression, type Mapped, tags, within } from './terraform-values.ts'

type Mapping = (mapped: Mapped) => Block[]

const one =
  (type: string, to: (mapped: Mapped) => Parameters<typeof body>[0]): Mapping =>
  (mapped) => [{ type, name: mapped.name, body: body(to(mapped)) }]

const api = one('aws_apigatewayv2_api', ({ properties: p }) => ({
  name: p.Name,
  protocol_type: p.ProtocolType,
  route_selection_expression: p.RouteSelectionExpression,
  cors_configuration: within(p.CorsConfiguration, (cors) => ({
    allow_origins: cors.AllowOrigins,
    allow_methods: cors.AllowMethods,
    allow_headers: cors.AllowHeaders,
    expose_headers: cors.ExposeHeaders,
    allow_credentials: cors.AllowCredentials,
    max_age: cors.MaxAge,
  })),
  tags: tags(p.Tags),
}))

const stage = one('aws_apigatewayv2_stage', ({ properties: p }) => ({
  api_id: p.ApiId,
  name: p.StageName,
  auto_deploy: p.AutoDeploy,
  tags: tags(p.Tags),
}))

const integration = one('aws_apigatewayv2_integration', ({ properties: p }) => ({
  api_id: p.ApiId,
  integration_type: p.IntegrationType,
  // Lambda is called by POST only. Source: "Integrations" of the API Gateway V2 API reference.
  integration_method: p.IntegrationMethod ?? 'POST',
  integration_uri: p.IntegrationUri,
  payload_format_version: p.PayloadFormatVersion,
}))

const route = one('aws_apigatewayv2_route', ({ properties: p }) => ({
  api_id: p.ApiId,
  route_key: p.RouteKey,
  target: p.Target,
  authorization_type: p.AuthorizationType,
  authorizer_id: p.AuthorizerId,
  authorization_scopes: p.AuthorizationScopes,
}))

const authorizer = one('aws_apigatewayv2_authorizer', ({ properties: p }) => ({
  api_id: p.ApiId,
  name: p.Name,
  authorizer_type: p.AuthorizerType,
  authorizer_uri: p.AuthorizerUri,
  authorizer_payload_format_version: p.AuthorizerPayloadFormatVersion,
  enable_simple_responses: p.EnableSimpleResponses,
  identity_sources: p.IdentitySource,
  authorizer_result_ttl_in_seconds: p.AuthorizerResultTtlInSeconds,
  jwt_configuration: within(p.JwtConfiguration, ({ Issuer, Audience }) => ({ issuer: Issuer, audience: Audience })),
}))

const domain = one('aws_apigatewayv2_domain_name', ({ properties: p }) => {
  const given = isList(p.DomainNameConfigurations) ? p.DomainNameConfigurations[0] : undefined
  return {
    domain_name: p.DomainName,
    domain_name_configuration: within(given, (found) => ({
      certificate_arn: found.CertificateArn,
      endpoint_type: found.EndpointType,
      security_policy: found.SecurityPolicy,
    })),
    tags: tags(p.Tags),
  }
})

const mapping = one('aws_apigatewayv2_api_mapping', ({ properties: p }) => ({
  api_id: p.ApiId,
  domain_name: p.DomainName,
  stage: p.Stage,
}))

// CloudFormation proves by itself that the domain is ours; here the records that prove it are written down.
const certificate: Mapping = ({ name, properties: p }) => {
  const options = isList(p.DomainValidationOptions) ? p.DomainValidationOptions.filter(isObject) : []
  const made = `aws_acm_certificate.${name}`
  const record = `for one in ${made}.domain_validation_options : one.domain_name => one`
  return [
    {
      type: 'aws_acm_certificate',
      name,
      body: body({
        domain_name: p.DomainName,
        validation_method: p.ValidationMethod,
        tags: tags(p.Tags),
        lifecycle: { create_before_destroy: true },
      }),
    },
    {
      type: 'aws_route53_record',
      name,
      body: body({
        for_each: expression(`{ ${record} }`),
        zone_id: options[0]?.HostedZoneId,
        name: expression('each.value.resource_record_name'),
        type: expression('each.value.resource_record_type'),
        records: [expression('each.value.resource_record_value')],
        ttl: 300,
        allow_overwrite: true,
      }),
    },
    {
      type: 'aws_acm_certificate_validation',
      name,
      body: {
        certificate_arn: expression(`${made}.arn`),
        validation_record_fqdns: expression(`[for one in aws_route53_record.${name} : one.fqdn]`),
      },
    },
  ]
}

const record = one('aws_route53_record', ({ properties: p }) => ({
  zone_id: p.HostedZoneId,
  name: p.Name,
  type: p.Type,
  alias: within(p.AliasTarget, (target) => ({
    name: target.DNSName,
    zone_id: target.HostedZoneId,
    evaluate_target_health: target.EvaluateTargetHealth,
  })),
}))

const restApi = one('aws_api_gateway_rest_api', ({ properties: p }) => ({
  name: p.Name,
  binary_media_types: p.BinaryMediaTypes,
  endpoint_configuration: within(p.EndpointConfiguration, ({ Types }) => ({ types: Types })),
  tags: tags(p.Tags),
}))

const path = one('aws_api_gateway_resource', ({ properties: p }) => ({
  rest_api_id: p.RestApiId,
  parent_id: p.ParentId,
  path_part: p.PathPart,
}))

const method: Mapping = ({ name, properties: p, own }) => {
  const same = { rest_api_id: p.RestApiId, resource_id: p.ResourceId }
  const given = isObject(p.Integration) ? p.Integration : {}
  return [
    {
      type: 'aws_api_gateway_method',
      name,
      body: body({
        ...same,
        http_method: p.HttpMethod,
        authorization: p.AuthorizationType,
        authorizer_id: p.AuthorizerId,
        authorization_scopes: p.AuthorizationScopes,
        api_key_required: p.ApiKeyRequired,
      }),
    },
    {
      type: 'aws_api_gateway_integration',
      name,
      body: body({
        ...same,
        http_method: own('http_method'),
        type: given.Type,
        integration_http_method: given.IntegrationHttpMethod,
        uri: given.Uri,
        timeout_milliseconds: given.TimeoutInMillis,
      }),
    },
  ]
}

const restAuthorizer = one('aws_api_gateway_authorizer', ({ properties: p }) => ({
  rest_api_id: p.RestApiId,
  name: p.Name,
  type: p.Type,
  authorizer_uri: p.AuthorizerUri,
  identity_source: p.IdentitySource,
  authorizer_result_ttl_in_seconds: p.AuthorizerResultTtlInSeconds,
  provider_arns: p.ProviderARNs,
}))

// Its logical id says what it is a copy of, so another id is another copy, as with CloudFormation.
const deployment = one('aws_api_gateway_deployment', ({ id, properties: p }) => ({
  rest_api_id: p.RestApiId,
  triggers: { copy: id },
  lifecycle: { create_before_destroy: true },
}))

const restStage = one('aws_api_gateway_stage', ({ properties: p }) => ({
  rest_api_id: p.RestApiId,
  deployment_id: p.DeploymentId,
  stage_name: p.StageName,
  tags: tags(p.Tags),
}))

const gatewayResponse = one('aws_api_gateway_gateway_response', ({ properties: p }) => ({
  rest_api_id: p.RestApiId,
  response_type: p.ResponseType,
  response_parameters: p.ResponseParameters,
}))

const apiKey = one('aws_api_gateway_api_key', ({ properties: p }) => ({
  name: p.Name,
  enabled: p.Enabled,
  tags: tags(p.Tags),
}))

const usagePlan = one('aws_api_gateway_usage_plan', ({ properties: p }) => ({
  name: p.UsagePlanName,
  api_stages: each(p.ApiStages, ({ ApiId, Stage }) => ({ api_id: ApiId, stage: Stage })),
  throttle_settings: within(p.Throttle, (found) => ({ rate_limit: found.RateLimit, burst_limit: found.BurstLimit })),
  quota_settings: within(p.Quota, ({ Limit, Period }) => ({ limit: Limit, period: Period })),
  tags: tags(p.Tags),
}))

const usagePlanKey = one('aws_api_gateway_usage_plan_key', ({ properties: p }) => ({
  key_id: p.KeyId,
  key_type: p.KeyType,
  usage_plan_id: p.UsagePlanId,
}))

export const APIS: Readonly<Record<string, Mapping>> = {
  'AWS::ApiGateway::ApiKey': apiKey,
  'AWS::ApiGateway::Authorizer': restAuthorizer,
  'AWS::ApiGateway::Deployment': deployment,
  'AWS::ApiGateway::GatewayResponse': gatewayResponse,
  'AWS::ApiGateway::Method': method,
  'AWS::ApiGateway::Resource': path,
  'AWS::ApiGateway::RestApi': restApi,
  'AWS::ApiGateway::Stage': restStage,
  'AWS::ApiGateway::UsagePlan': usagePlan,
  'AWS::ApiGateway::UsagePlanKey': usagePlanKey,
  'AWS::ApiGatewayV2::Api': api,
  'AWS::ApiGatewayV2::ApiMapping': mapping,
  'AWS::ApiGatewayV2::Authorizer': authorizer,
  'AWS::ApiGatewayV2::DomainName': domain,
  'AWS::ApiGatewayV2::Integration': integration,
  'AWS::ApiGatewayV2::Route': route,
  'AWS::ApiGatewayV2::Stage': stage,
  'AWS::CertificateManager::Certificate': certificate,
  'AWS::Route53::RecordSet': record,
}
