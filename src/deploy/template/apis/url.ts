// Function URLs in the template: one for every function that has routes.
import type { CorsModel, HttpTriggerModel } from '../../../model/index.ts'
import { ALIAS, aliasId, functionId, logicalId, permissionId } from '../../ids.ts'
import { attribute, type Part, type Properties, type TemplateResource } from '../../template.ts'
import { aliasArn, type Making } from '../making.ts'
import { corsConfiguration } from './cors.ts'

export const urlId = (name: string): string => logicalId('Url', name)

export function functionUrls(routes: readonly HttpTriggerModel[], making: Making): Part {
  const { cors } = making.model.api
  const names = [...new Set(routes.map((one) => one.function))]
  const parts = names.flatMap((name) => {
    const own = routes.filter((one) => one.function === name)
    // The model has seen to it that all routes of a function ask for the same.
    const signed = own.some(({ auth }) => auth.kind === 'iam')
    const url: [string, TemplateResource] = [urlId(name), toUrl(name, own, signed, cors)]
    return signed ? [url] : [url, ...anybody(name)]
  })
  return Object.fromEntries(parts)
}

function toUrl(
  name: string,
  routes: readonly HttpTriggerModel[],
  signed: boolean,
  cors: CorsModel | undefined,
): TemplateResource {
  return {
    Type: 'AWS::Lambda::Url',
    Properties: {
      TargetFunctionArn: attribute(functionId(name), 'Arn'),
      Qualifier: ALIAS,
      AuthType: signed ? 'AWS_IAM' : 'NONE',
      InvokeMode: routes.some(({ stream }) => stream) ? 'RESPONSE_STREAM' : 'BUFFERED',
      ...(cors === undefined ? {} : { Cors: toCors(cors) }),
    },
    // The qualifier is a text, which waits for nothing.
    DependsOn: [aliasId(name)],
  }
}

// Source: "Control access to Lambda function URLs": since October 2025 a public URL needs both statements, the second of which
// lets nobody call the function but through its URL.
function anybody(name: string): [string, TemplateResource][] {
  const open = (id: string, properties: Properties): [string, TemplateResource] => [
    id,
    { Type: 'AWS::Lambda::Permission', Properties: { FunctionName: aliasArn(name), Principal: '*', ...properties } },
  ]
  return [
    open(permissionId(name), { Action: 'lambda:InvokeFunctionUrl', FunctionUrlAuthType: 'NONE' }),
    open(permissionId(name, 'invoke'), { Action: 'lambda:InvokeFunction', InvokedViaFunctionUrl: true }),
  ]
}

// Source: the Cors type of Lambda's API reference: a method has six characters at most, so OPTIONS is none of them.
const toCors = (cors: CorsModel): Properties =>
  corsConfiguration({ ...cors, methods: cors.methods.filter((method) => method !== 'OPTIONS') })
