// The WebSocket side of API Gateway: connections are posted to, looked at and closed by HTTP method.
// Source: https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-control-access-iam.html
import { arnOf, need, type Resource, type Rule, type Service } from '../resource.ts'
import { type Input, named, said } from '../text.ts'

/**
 * The API and its stage are in the client's endpoint, not in the input. Whoever knows the endpoint says it as the member
 * `endpoint`: `https://<api>.execute-api.<region>.amazonaws.com/<stage>`.
 */
const manage =
  (method: string): Rule =>
  (input) => {
    const endpoints = said(input.value, 'endpoint')
    const apis = endpoints.length === 0 ? ['*/*'] : endpoints.map(({ pattern }) => toStage(pattern))
    const connections = named(input, 'ConnectionId').map(({ pattern }) => pattern)
    return [need('execute-api:ManageConnections', toConnections(input, method, apis, connections))]
  }

function toStage(endpoint: string): string {
  const [, host = '*', stage = '*'] = /^(?:https?:\/\/)?([^/]*)\/?([^/]*)/.exec(endpoint) ?? []
  const [, api = '*'] = /^([^.]+)\.execute-api\./.exec(host) ?? []
  // With a domain of one's own, what comes after it is a mapping's name.
  return api === '*' ? '*/*' : `${api}/${stage === '' ? '*' : stage}`
}

function toConnections(
  { place }: Input,
  method: string,
  apis: readonly string[],
  connections: readonly string[],
): readonly Resource[] {
  // That any API may be meant is nothing that the input could have told.
  return apis.flatMap((api) =>
    connections.map((id) => ({ arn: arnOf(place, 'execute-api', `${api}/${method}/@connections/${id}`), exact: true })),
  )
}

export const executeApi: Service = {
  rules: { DeleteConnection: manage('DELETE'), GetConnection: manage('GET'), PostToConnection: manage('POST') },
}

/** Asked for by a participant's token, not by IAM. */
export const connectParticipant: Service = {
  free: [
    ...['CancelParticipantAuthentication', 'CompleteAttachmentUpload', 'CreateParticipantConnection', 'DescribeView'],
    ...['DisconnectParticipant', 'GetAttachment', 'GetAuthenticationUrl', 'GetTranscript', 'SendEvent', 'SendMessage'],
    'StartAttachmentUpload',
  ],
}
