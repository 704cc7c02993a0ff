// What only REST APIs have: API keys with a usage plan, and what the gateway's own refusals carry.
import { type ApiModel, type Model, prefix } from '../../../model/index.ts'
import { logicalId, REST_API_ID, REST_STAGE_ID } from '../../ids.ts'
import { type Part, type Properties, ref, type TemplateResource } from '../../template.ts'

const PLAN_ID = 'UsagePlan'

/** The app's keys, all under one plan. Their values are made by AWS and stand in no template. */
export function usagePlan(model: Model): Part {
  const { api } = model
  if (api.usagePlan === undefined && api.apiKeys.length === 0) return {}
  const keys = api.apiKeys.flatMap((name): [string, TemplateResource][] => [
    [apiKeyId(name), { Type: 'AWS::ApiGateway::ApiKey', Properties: { Name: prefix(model) + name, Enabled: true } }],
    [
      logicalId('UsagePlanKey', name),
      {
        Type: 'AWS::ApiGateway::UsagePlanKey',
        Properties: { KeyId: ref(apiKeyId(name)), KeyType: 'API_KEY', UsagePlanId: ref(PLAN_ID) },
      },
    ],
  ])
  return {
    [PLAN_ID]: {
      Type: 'AWS::ApiGateway::UsagePlan',
      Properties: {
        UsagePlanName: prefix(model).slice(0, -1),
        ApiStages: [{ ApiId: ref(REST_API_ID), Stage: ref(REST_STAGE_ID) }],
        ...toLimits(api),
      },
    },
    ...Object.fromEntries(keys),
  }
}

/** What a key is known by; its value is told to who asks with `aws apigateway get-api-key --include-value`. */
export const apiKeyId = (name: string): string => logicalId('ApiKey', name)

function toLimits({ usagePlan: plan }: ApiModel): Properties {
  const throttle = {
    ...(plan?.rate === undefined ? {} : { RateLimit: plan.rate }),
    ...(plan?.burst === undefined ? {} : { BurstLimit: plan.burst }),
  }
  return {
    ...(Object.keys(throttle).length === 0 ? {} : { Throttle: throttle }),
    ...(plan?.quota === undefined
      ? {}
      : { Quota: { Limit: plan.quota.limit, Period: plan.quota.period.toUpperCase() } }),
  }
}

// Source: "Gateway response types for API Gateway": these two are what all others come from. Values in single quotes are constants.
/** Lets pages read that they were refused. */
export function gatewayResponses({ errorOrigin }: ApiModel): Part {
  if (errorOrigin === undefined) return {}
  const made = ['DEFAULT_4XX', 'DEFAULT_5XX'].map((type): [string, TemplateResource] => [
    logicalId('GatewayResponse', type),
    {
      Type: 'AWS::ApiGateway::GatewayResponse',
      Properties: {
        RestApiId: ref(REST_API_ID),
        ResponseType: type,
        ResponseParameters: { 'gatewayresponse.header.Access-Control-Allow-Origin': `'${errorOrigin}'` },
      },
    },
  ])
  return Object.fromEntries(made)
}
