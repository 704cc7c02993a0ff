import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { DynamoDBDocumentClient, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb'

const documents = DynamoDBDocumentClient.from(new DynamoDBClient({}))

export const saveOrder = (TableName: string, Item: Record<string, unknown>) => documents.send(new PutCommand({ TableName, Item }))
export const loadOrder = (TableName: string, id: string) => documents.send(new GetCommand({ TableName, Key: { id } }))
