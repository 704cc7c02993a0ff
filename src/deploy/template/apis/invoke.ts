// Who may call a function for an API: the permission, and how API Gateway names calls and functions.
import { partitionOf } from '../../../model/index.ts'
import { joined, type TemplateResource, type Value } from '../../template.ts'
import { aliasArn, type Making } from '../making.ts'
import { permission } from '../permission.ts'

/** Calls of an API, as permissions name them: `rest` is a pattern of `/stage/method/path`. */
export const callsOf = (api: Value, rest: readonly Value[], { model: { account, region } }: Making): Value =>
  joined(`arn:${partitionOf(region)}:execute-api:${region}:${account}:`, api, ...rest)

/**
 * Lets API Gateway call a function. The ARN holds the account, so nobody else's API is let in (the confused deputy), and one
 * statement for all routes keeps the function's policy small: it may have 20 KB.
 */
export const gatewayPermission = (name: string, source: Value): TemplateResource =>
  permission(name, { principal: 'apigateway.amazonaws.com', source })

// Source: "Integration" of the API Gateway V1 API reference: `arn:aws:apigateway:{region}:lambda:path/2015-03-31/functions/{ARN}/invocations`.
/** A function in the form that API Gateway takes where it may call any service. */
export const invocationUri = (name: string, making: Making): Value =>
  functionUri(name, '2015-03-31', 'invocations', making)

// Source: "Set up a Lambda proxy integration with payload response streaming in API Gateway".
/** The same, of a function that sends its answer while it makes it. */
export const streamingUri = (name: string, making: Making): Value =>
  functionUri(name, '2021-11-15', 'response-streaming-invocations', making)

function functionUri(name: string, version: string, call: string, { model: { region } }: Making): Value {
  const before = `arn:${partitionOf(region)}:apigateway:${region}:lambda:path/${version}/functions/`
  return joined(before, aliasArn(name), `/${call}`)
}
