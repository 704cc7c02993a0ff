import { DeleteCommand, type DynamoDBDocumentClient, PutCommand, ScanCommand } from '@aws-sdk/lib-dynamodb';
import type { CommandHandler } from './bus';

const TableName = 'projects';

export const createProject =
  (documents: DynamoDBDocumentClient): CommandHandler =>
  ({ id }) =>
    documents.send(new PutCommand({ TableName, Item: { id, created: Date.now() } }));

export const deleteProject =
  (documents: DynamoDBDocumentClient): CommandHandler =>
  ({ id }) =>
    documents.send(new DeleteCommand({ TableName, Key: { id } }));

export const listProjects = (documents: DynamoDBDocumentClient) => () => documents.send(new ScanCommand({ TableName }));
