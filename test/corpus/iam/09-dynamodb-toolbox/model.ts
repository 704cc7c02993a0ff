import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { Table } from 'dynamodb-toolbox/table';
import { Entity } from 'dynamodb-toolbox/entity';
import { item } from 'dynamodb-toolbox/schema/item';
import { string } from 'dynamodb-toolbox/schema/string';
import { number } from 'dynamodb-toolbox/schema/number';

const documentClient = DynamoDBDocumentClient.from(new DynamoDBClient({}));

const PokedexTable = new Table({ name: 'pokedex', partitionKey: { name: 'id', type: 'string' }, documentClient });

export const Pokemon = new Entity({
  name: 'Pokemon',
  table: PokedexTable,
  schema: item({ id: string().key(), level: number() }),
});
