import { env as renamed } from 'node:process';
import * as process2 from 'node:process';
import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';

const KEY = 'B';
const { C: gamma = 'none', ...rest } = process.env;
const all = process.env;
const db = new DynamoDBClient({});

const get = (TableName: string | undefined, id: string) => db.send(new GetItemCommand({ TableName, Key: { id: { S: id } } }));

export const handler = async ({ id }: { id: string }) =>
  Promise.all([get(all['A'], id), get(renamed[KEY], id), get(gamma, id), get(process2.env.D ?? rest.D, id)]);
