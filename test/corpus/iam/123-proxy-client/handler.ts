import * as sdk from '@aws-sdk/client-dynamodb';

const client = new sdk.DynamoDBClient({});
const db = new Proxy({} as Record<string, (input: object) => Promise<any>>, {
  get: (_, operation: string) => (input: object) => client.send(new (sdk as any)[`${operation}Command`](input)),
});

export const handler = ({ id }: { id: string }) => db.GetItem?.({ TableName: 'proxied', Key: { id: { S: id } } });
