import { DynamoDBClient } from '@aws-sdk/client-dynamodb';

const clients = { db: new DynamoDBClient({}) };
export default clients;
