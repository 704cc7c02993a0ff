import { DeleteItemCommand, DynamoDBClient, PutItemCommand, ScanCommand } from '@aws-sdk/client-dynamodb';

const db = new DynamoDBClient({});
const TableName = 'wraps';

export const create = ({ id }: { id: string }) => db.send(new PutItemCommand({ TableName, Item: { id: { S: id } } }));
export const remove = ({ id }: { id: string }) => db.send(new DeleteItemCommand({ TableName, Key: { id: { S: id } } }));
export const list = (_: { id: string }) => db.send(new ScanCommand({ TableName }));
