import * as sdk from '@aws-sdk/client-dynamodb';

const client = new sdk.DynamoDBClient({});

export const handler = async (event: { name: string; input: object }) => {
  const Command = (sdk as any)[`${event.name}Command`];
  return client.send(new Command(event.input));
};
