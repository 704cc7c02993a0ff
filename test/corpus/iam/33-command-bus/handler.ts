import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { CommandBus } from './bus';
import { createProject, deleteProject } from './commands';

const documents = DynamoDBDocumentClient.from(new DynamoDBClient({}));
const bus = new CommandBus();
bus.register('create', createProject(documents));
bus.register('delete', deleteProject(documents));

export const handler = (event: { command: string; id: string }) => bus.dispatch(event.command, event);
