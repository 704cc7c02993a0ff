// The chat of a tutorial: its serverless.yml as it stands there, the beginning of its Python, and that written in TypeScript.

export const CHAT = `service: serverless-websocket

provider:
    name: aws
    runtime: python3.9
    websocketApiName: serverless-websocket-api
    websocketApiRouteSelectionExpression: $request.body.action
    iamRoleStatements:
        - Effect: Allow
          Action:
              - "execute-api:ManageConnections"
          Resource:
              - "arn:aws:execute-api:*:*:**/@connections/*"
        - Effect: Allow
          Action:
              - "dynamodb:PutItem"
              - "dynamodb:GetItem"
              - "dynamodb:UpdateItem"
              - "dynamodb:DeleteItem"
              - "dynamodb:BatchGetItem"
              - "dynamodb:BatchWriteItem"
              - "dynamodb:Scan"
              - "dynamodb:Query"
          Resource:
              - "arn:aws:dynamodb:us-east-1:*:*"

plugins:
    - serverless-python-requirements

custom:
    pythonRequirements:
        dockerizePip: False
        noDeploy: []

functions:
    connectionManager:
        handler: handler.connection_manager
        events:
            - websocket:
                route: $connect
            - websocket:
                route: $disconnect
    defaultMessage:
        handler: handler.default_message
        events:
            - websocket:
                route: $default
    sendMessage:
        handler: handler.send_message
        events:
            - websocket:
                route: sendMessage
    getRecentMessages:
        handler: handler.get_recent_messages
        events:
            - websocket:
                route: getRecentMessages
    ping:
        handler: handler.ping
        events:
            - http:
                path: ping
                method: get
`

export const PYTHON = `def ping(event, context):
    return {"statusCode": 200, "body": "PONG!"}
`

export const WRITTEN = `import { ApiGatewayManagementApiClient, PostToConnectionCommand } from '@aws-sdk/client-apigatewaymanagementapi'
import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { DeleteCommand, DynamoDBDocumentClient, PutCommand, QueryCommand, ScanCommand } from '@aws-sdk/lib-dynamodb'

const db = DynamoDBDocumentClient.from(new DynamoDBClient({}))
const connections = 'serverless-websocket-connections'
const messages = 'serverless-websocket-message'

interface Event {
  body: string
  queryStringParameters?: { room_name?: string }
  requestContext: { connectionId: string; eventType: string; domainName: string; stage: string }
}

const done = (body: string) => ({ statusCode: 200, body })

async function send({ requestContext: { domainName, stage } }: Event, ConnectionId: string, data: unknown) {
  const gateway = new ApiGatewayManagementApiClient({ endpoint: \`https://\${domainName}/\${stage}\` })
  await gateway.send(new PostToConnectionCommand({ ConnectionId, Data: JSON.stringify(data) }))
}

export const ping = async () => done('PONG!')

export const connection_manager = async ({ requestContext, queryStringParameters }: Event) => {
  const connection_id = requestContext.connectionId
  if (requestContext.eventType === 'CONNECT')
    await db.send(new PutCommand({ TableName: connections, Item: { connection_id, room_name: queryStringParameters?.room_name } }))
  else await db.send(new DeleteCommand({ TableName: connections, Key: { connection_id } }))
  return done('ok')
}

export const default_message = async () => done('Unrecognized.')

export const send_message = async (event: Event) => {
  const { user_name, content, room_name } = JSON.parse(event.body)
  await db.send(new PutCommand({ TableName: messages, Item: { message_type: 'broadcast', index: Date.now(), room_name, user_name, content } }))
  const { Items = [] } = await db.send(new ScanCommand({ TableName: connections }))
  for (const one of Items) if (one.room_name === room_name) await send(event, one.connection_id, { messages: [{ user_name, content }] })
  return done('sent')
}

export const get_recent_messages = async (event: Event) => {
  const { Items = [] } = await db.send(new QueryCommand({
    TableName: messages,
    KeyConditionExpression: 'message_type = :type',
    ExpressionAttributeValues: { ':type': 'broadcast' },
  }))
  const found = Items.map(({ user_name, content }) => ({ user_name, content }))
  await send(event, event.requestContext.connectionId, { messages: found })
  return done('sent')
}
`
