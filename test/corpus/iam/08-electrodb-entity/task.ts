import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { Entity } from 'electrodb';

const client = new DynamoDBClient({});

export const Task = new Entity(
  {
    model: { entity: 'task', version: '1', service: 'todo' },
    attributes: { id: { type: 'string' }, owner: { type: 'string' }, done: { type: 'boolean' } },
    indexes: {
      primary: { pk: { field: 'pk', composite: ['id'] }, sk: { field: 'sk', composite: [] } },
      byOwner: { index: 'gsi1', pk: { field: 'gsi1pk', composite: ['owner'] }, sk: { field: 'gsi1sk', composite: ['id'] } },
    },
  },
  { client, table: process.env.TABLE },
);
