import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';

const REGIONS = { eu: 'eu-west-1', us: 'us-west-2' } as const;
const clients = new Map<string, DynamoDBClient>();

function clientOf(tenant: keyof typeof REGIONS): DynamoDBClient {
  const region = REGIONS[tenant];
  let client = clients.get(region);
  if (!client) {
    client = new DynamoDBClient({ region });
    clients.set(region, client);
  }
  return client;
}

export const handler = (event: { tenant: keyof typeof REGIONS; id: string }) =>
  clientOf(event.tenant).send(new GetItemCommand({ TableName: 'tenants', Key: { id: { S: event.id } } }));
