// API Gateway's own management: actions are HTTP methods, resources are the paths that they are sent to.
// Source: https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-iam-policy-examples.html and
// https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonapigatewaymanagement.html
import { need, type Resource, type Rule, type Service } from '../resource.ts'
import { at, type Input, isNamed, named, texts } from '../text.ts'
import { toRole } from './pass-role.ts'

const METHODS: readonly (readonly [RegExp, string])[] = [
  [/^(Get|Export)/, 'GET'],
  [/^(Create|TestInvoke|Generate|Import(ApiKeys|RestApi|Api)$)/, 'POST'],
  [/^(Put|Tag|Reimport|ImportDocumentationParts)/, 'PUT'],
  [/^(Delete|Untag|Flush|Reset)/, 'DELETE'],
  [/^Update/, 'PATCH'],
]

/** What lies at the top, and by which member one of them is named. */
const TOPS: readonly (readonly [string, string])[] = [
  ['restapis', 'restApiId'],
  ['apis', 'ApiId'],
  ['usageplans', 'usagePlanId'],
  ['domainnames', 'domainName'],
  ['domainnames', 'DomainName'],
  ['apikeys', 'apiKey'],
  ['vpclinks', 'vpcLinkId'],
  ['vpclinks', 'VpcLinkId'],
  ['clientcertificates', 'clientCertificateId'],
]

const KINDS: Readonly<Record<string, string>> = {
  RestApi: 'restapis',
  RestApis: 'restapis',
  Api: 'apis',
  Apis: 'apis',
  UsagePlan: 'usageplans',
  UsagePlans: 'usageplans',
  DomainName: 'domainnames',
  DomainNames: 'domainnames',
  ApiKey: 'apikeys',
  ApiKeys: 'apikeys',
  VpcLink: 'vpclinks',
  VpcLinks: 'vpclinks',
  Account: 'account',
}

function toPaths(input: Input, operation: string): readonly Resource[] {
  const { partition, region } = input.place
  const arn = (path: string): string => `arn:${partition}:apigateway:${region}::${path}`
  const kind = KINDS[operation.replace(/^[A-Z][a-z]+/, '')]
  const top = TOPS.find(([, member]) => isNamed(input.value, member))
  if (top === undefined || (operation.startsWith('Create') && kind !== undefined))
    return [kind === undefined ? { arn: arn('/*'), exact: false } : { arn: arn(`/${kind}`), exact: true }]
  const [path, member] = top
  return named(input, member).map(({ pattern, told }) => ({
    arn: arn(kind === undefined ? `/${path}/${pattern}/*` : `/${path}/${pattern}`),
    exact: told,
  }))
}

function rule(operation: string, method: string): Rule {
  return (input) => {
    const tags =
      method !== 'GET' && isNamed(input.value, 'tags')
        ? [
            need('apigateway:PUT', [
              { arn: `arn:${input.place.partition}:apigateway:${input.place.region}::/tags/*`, exact: true },
            ]),
          ]
        : []
    // An integration calls other services as this role.
    const roles = texts(
      ['credentials', 'CredentialsArn', 'authorizerCredentials', 'AuthorizerCredentialsArn']
        .filter((name) => isNamed(input.value, name))
        .flatMap((name) => at(input.value, name)),
    )
    const handed =
      roles.length === 0 || method === 'GET'
        ? []
        : [
            need(
              'iam:PassRole',
              roles.map((role) => toRole(input, role)),
            ),
          ]
    return [need(`apigateway:${method}`, toPaths(input, operation)), ...tags, ...handed]
  }
}

function rules(operations: string): Record<string, Rule> {
  const pairs = operations
    .trim()
    .split(/\s+/)
    .flatMap((operation): [string, Rule][] => {
      const method = METHODS.find(([start]) => start.test(operation))?.[1]
      return method === undefined ? [] : [[operation, rule(operation, method)]]
    })
  return Object.fromEntries(pairs)
}

export const apiGateway: Service = {
  rules: rules(`
    CreateApiKey CreateAuthorizer CreateBasePathMapping CreateDeployment CreateDocumentationPart
    CreateDocumentationVersion CreateDomainName CreateDomainNameAccessAssociation CreateModel
    CreateRequestValidator CreateResource CreateRestApi CreateStage CreateUsagePlan CreateUsagePlanKey
    CreateVpcLink DeleteApiKey DeleteAuthorizer DeleteBasePathMapping DeleteClientCertificate DeleteDeployment
    DeleteDocumentationPart DeleteDocumentationVersion DeleteDomainName DeleteDomainNameAccessAssociation
    DeleteGatewayResponse DeleteIntegration DeleteIntegrationResponse DeleteMethod DeleteMethodResponse
    DeleteModel DeleteRequestValidator DeleteResource DeleteRestApi DeleteStage DeleteUsagePlan DeleteUsagePlanKey
    DeleteVpcLink FlushStageAuthorizersCache FlushStageCache GenerateClientCertificate GetAccount GetApiKey
    GetApiKeys GetAuthorizer GetAuthorizers GetBasePathMapping GetBasePathMappings GetClientCertificate
    GetClientCertificates GetDeployment GetDeployments GetDocumentationPart GetDocumentationParts
    GetDocumentationVersion GetDocumentationVersions GetDomainName GetDomainNameAccessAssociations GetDomainNames
    GetExport GetGatewayResponse GetGatewayResponses GetIntegration GetIntegrationResponse GetMethod
    GetMethodResponse GetModel GetModelTemplate GetModels GetRequestValidator GetRequestValidators GetResource
    GetResources GetRestApi GetRestApis GetSdk GetSdkType GetSdkTypes GetStage GetStages GetTags GetUsage
    GetUsagePlan GetUsagePlanKey GetUsagePlanKeys GetUsagePlans GetVpcLink GetVpcLinks ImportApiKeys
    ImportDocumentationParts ImportRestApi PutGatewayResponse PutIntegration PutIntegrationResponse PutMethod
    PutMethodResponse PutRestApi TagResource TestInvokeAuthorizer TestInvokeMethod UntagResource UpdateAccount
    UpdateApiKey UpdateAuthorizer UpdateBasePathMapping UpdateClientCertificate UpdateDeployment
    UpdateDocumentationPart UpdateDocumentationVersion UpdateDomainName UpdateGatewayResponse UpdateIntegration
    UpdateIntegrationResponse UpdateMethod UpdateMethodResponse UpdateModel UpdateRequestValidator UpdateResource
    UpdateRestApi UpdateStage UpdateUsage UpdateUsagePlan UpdateVpcLink
  `),
}

export const apiGatewayV2: Service = {
  rules: rules(`
    CreateApi CreateApiMapping CreateAuthorizer CreateDeployment CreateDomainName CreateIntegration
    CreateIntegrationResponse CreateModel CreateRoute CreateRouteResponse CreateStage CreateVpcLink
    DeleteAccessLogSettings DeleteApi DeleteApiMapping DeleteAuthorizer DeleteCorsConfiguration DeleteDeployment
    DeleteDomainName DeleteIntegration DeleteIntegrationResponse DeleteModel DeleteRoute
    DeleteRouteRequestParameter DeleteRouteResponse DeleteRouteSettings DeleteStage DeleteVpcLink ExportApi
    ResetAuthorizersCache GetApi GetApiMapping GetApiMappings GetApis GetAuthorizer GetAuthorizers GetDeployment
    GetDeployments GetDomainName GetDomainNames GetIntegration GetIntegrationResponse GetIntegrationResponses
    GetIntegrations GetModel GetModelTemplate GetModels GetRoute GetRouteResponse GetRouteResponses GetRoutes
    GetStage GetStages GetTags GetVpcLink GetVpcLinks ImportApi PutRoutingRule ReimportApi TagResource
    UntagResource UpdateApi UpdateApiMapping UpdateAuthorizer UpdateDeployment UpdateDomainName UpdateIntegration
    UpdateIntegrationResponse UpdateModel UpdateRoute UpdateRouteResponse UpdateStage UpdateVpcLink
  `),
}
